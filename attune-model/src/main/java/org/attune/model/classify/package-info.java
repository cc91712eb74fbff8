/** Scoring whole texts: classifiers and reward models. */
@NullMarked
package org.attune.model.classify;

import org.jspecify.annotations.NullMarked;
