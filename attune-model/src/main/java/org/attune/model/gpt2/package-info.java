/** The GPT-2 family. */
@NullMarked
package org.attune.model.gpt2;

import org.jspecify.annotations.NullMarked;
