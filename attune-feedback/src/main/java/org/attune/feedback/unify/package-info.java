/** From the answers of several people to one. */
@NullMarked
package org.attune.feedback.unify;

import org.jspecify.annotations.NullMarked;
