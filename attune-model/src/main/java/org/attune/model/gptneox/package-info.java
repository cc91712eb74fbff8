/** The GPT-NeoX family, Pythia among it. */
@NullMarked
package org.attune.model.gptneox;

import org.jspecify.annotations.NullMarked;
