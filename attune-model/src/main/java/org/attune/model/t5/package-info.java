/** The T5 family. */
@NullMarked
package org.attune.model.t5;

import org.jspecify.annotations.NullMarked;
