/** The Qwen 3 family with experts. */
@NullMarked
package org.attune.model.qwen3moe;

import org.jspecify.annotations.NullMarked;
