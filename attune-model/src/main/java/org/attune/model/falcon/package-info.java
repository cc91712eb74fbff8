/** The Falcon family. */
@NullMarked
package org.attune.model.falcon;

import org.jspecify.annotations.NullMarked;
