/** From dataset rows to token sequences, and the order in which they are read. */
@NullMarked
package org.attune.train.rows;

import org.jspecify.annotations.NullMarked;
