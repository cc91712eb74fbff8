/** What decoder-only architectures share: ragged batches, attention over them, rotary positions. */
@NullMarked
package org.attune.model.transformer;

import org.jspecify.annotations.NullMarked;
