/** Datasets: their life cycle, and the settings that say what records hold and what is asked. */
@NullMarked
package org.attune.server.dataset;

import org.jspecify.annotations.NullMarked;
