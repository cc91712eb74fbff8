/** The text models of Gemma 3. */
@NullMarked
package org.attune.model.gemma3;

import org.jspecify.annotations.NullMarked;
