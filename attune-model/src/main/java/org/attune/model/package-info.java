/** Language models: tokenizers, architectures, heads, generation, checkpoint formats. */
@NullMarked
package org.attune.model;

import org.jspecify.annotations.NullMarked;
