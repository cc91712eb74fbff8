/** Model directories as Hugging Face writes them: configuration, weights in safetensors files. */
@NullMarked
package org.attune.model.checkpoint;

import org.jspecify.annotations.NullMarked;
