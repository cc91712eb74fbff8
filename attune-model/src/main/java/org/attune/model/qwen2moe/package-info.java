/** The Qwen 2 family with experts. */
@NullMarked
package org.attune.model.qwen2moe;

import org.jspecify.annotations.NullMarked;
