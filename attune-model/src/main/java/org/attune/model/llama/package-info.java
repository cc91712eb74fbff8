/** The Llama family. */
@NullMarked
package org.attune.model.llama;

import org.jspecify.annotations.NullMarked;
