/** A run's folder on disk: configuration, events, checkpoints and manifest. */
@NullMarked
package org.attune.run.folder;

import org.jspecify.annotations.NullMarked;
