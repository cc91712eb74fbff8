/** The SmolLM 3 family. */
@NullMarked
package org.attune.model.smollm3;

import org.jspecify.annotations.NullMarked;
