/** Named weights in one flat storage, and the views that replicas differentiate. */
@NullMarked
package org.attune.model.weights;

import org.jspecify.annotations.NullMarked;
