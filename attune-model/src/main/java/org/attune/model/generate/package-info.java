/** Continuing prompts: sampling of the next token and the loop around it. */
@NullMarked
package org.attune.model.generate;

import org.jspecify.annotations.NullMarked;
