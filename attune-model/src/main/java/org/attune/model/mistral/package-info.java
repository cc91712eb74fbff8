/** The Mistral family. */
@NullMarked
package org.attune.model.mistral;

import org.jspecify.annotations.NullMarked;
