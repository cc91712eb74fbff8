/** The OPT family. */
@NullMarked
package org.attune.model.opt;

import org.jspecify.annotations.NullMarked;
