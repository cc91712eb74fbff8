/** What families of decoders like Llama share: settings, weights, and the parts of their blocks. */
@NullMarked
package org.attune.model.decoder;

import org.jspecify.annotations.NullMarked;
