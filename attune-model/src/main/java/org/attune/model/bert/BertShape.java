package org.attune.model.bert;

import org.attune.model.transformer.Activation;

/**
 * The sizes of an encoder with BERT's blocks, and what its {@code config.json} leaves open.
 *
 * @param intermediateSize channels inside the feed-forward block
 * @param heads of every layer; divides {@code hiddenSize}
 * @param positions rows of the position table
 * @param firstPosition the row of a text's first token
 * @param tokenTypes rows of the token type table; 0 where the family has none
 * @param padId the filler's token id
 * @param normEpsilon added to the variance in norms
 * @param activation inside the feed-forward block
 * @param outputActivation before the scores of masked tokens
 */
record BertShape(
    int vocabularySize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int positions,
    int firstPosition,
    int tokenTypes,
    int padId,
    double normEpsilon,
    Activation activation,
    Activation outputActivation,
    double initializerRange) {

  int headSize() {
    return hiddenSize / heads;
  }
}
