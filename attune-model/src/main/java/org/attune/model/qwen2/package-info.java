/** The Qwen 2 and 2.5 families. */
@NullMarked
package org.attune.model.qwen2;

import org.jspecify.annotations.NullMarked;
