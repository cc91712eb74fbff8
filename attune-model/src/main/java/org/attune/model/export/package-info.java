/** Taking a model out of Attune in another form, and proving that it is still the same model. */
@NullMarked
package org.attune.model.export;

import org.jspecify.annotations.NullMarked;
