/** Comparing models by what they write: figures of generated texts, and how sure they are. */
@NullMarked
package org.attune.train.evaluate;

import org.jspecify.annotations.NullMarked;
