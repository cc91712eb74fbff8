/** From texts to what a model makes of them: scores, features, filled gaps, continuations. */
@NullMarked
package org.attune.model.pipeline;

import org.jspecify.annotations.NullMarked;
