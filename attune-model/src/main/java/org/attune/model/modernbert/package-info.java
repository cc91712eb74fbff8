/** The ModernBERT family. */
@NullMarked
package org.attune.model.modernbert;

import org.jspecify.annotations.NullMarked;
