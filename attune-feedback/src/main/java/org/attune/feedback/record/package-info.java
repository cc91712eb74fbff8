/** Records and what people and models said about them. */
@NullMarked
package org.attune.feedback.record;

import org.jspecify.annotations.NullMarked;
