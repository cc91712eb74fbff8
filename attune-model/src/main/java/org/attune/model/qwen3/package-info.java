/** The Qwen 3 family. */
@NullMarked
package org.attune.model.qwen3;

import org.jspecify.annotations.NullMarked;
