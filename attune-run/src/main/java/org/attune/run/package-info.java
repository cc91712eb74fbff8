/** What a training run is: configuration, folder, events and report. */
@NullMarked
package org.attune.run;

import org.jspecify.annotations.NullMarked;
