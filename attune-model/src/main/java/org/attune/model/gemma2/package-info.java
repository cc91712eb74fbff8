/** The Gemma 2 family. */
@NullMarked
package org.attune.model.gemma2;

import org.jspecify.annotations.NullMarked;
