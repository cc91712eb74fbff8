/** The Mixtral family. */
@NullMarked
package org.attune.model.mixtral;

import org.jspecify.annotations.NullMarked;
