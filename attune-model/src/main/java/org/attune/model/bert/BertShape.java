package org.attune.model.bert;

import org.attune.model.dropout.DropoutRates;
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
 * @param dropout by place; that of a head is a classifier's of sequences
 * @param dropsAttended whether what attention adds is dropped, beside what the feed-forward block
 *     adds
 * @param tokenHeadDropout share of what a classifier of tokens reads that training drops
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
    DropoutRates dropout,
    boolean dropsAttended,
    double tokenHeadDropout,
    double initializerRange) {

  int headSize() {
    return hiddenSize / heads;
  }
}
