/**
 * What changes a row of logits before a token is chosen from it: each rule is a class with its
 * formula, and {@link org.attune.model.generate.TokenSampler} puts them into order.
 */
@NullMarked
package org.attune.model.generate.logits;

import org.jspecify.annotations.NullMarked;
