/** The page that shows what a run came to. */
@NullMarked
package org.attune.run.report;

import org.jspecify.annotations.NullMarked;
