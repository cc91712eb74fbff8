/** Rules that feedback broke, collected so that one exception reports them all. */
@NullMarked
package org.attune.feedback.validation;

import org.jspecify.annotations.NullMarked;
