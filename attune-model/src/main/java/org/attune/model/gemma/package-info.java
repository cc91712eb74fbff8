/** The first Gemma family. */
@NullMarked
package org.attune.model.gemma;

import org.jspecify.annotations.NullMarked;
