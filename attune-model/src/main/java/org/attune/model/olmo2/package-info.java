/** The OLMo 2 family. */
@NullMarked
package org.attune.model.olmo2;

import org.jspecify.annotations.NullMarked;
