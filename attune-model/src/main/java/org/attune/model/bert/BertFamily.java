package org.attune.model.bert;

import java.util.List;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.FirstTokenHead;

/**
 * How a family with BERT's blocks names itself, its weights and its heads.
 *
 * @param className what its classes in transformers begin with
 * @param bodyPrefix the prefix of the body's weights
 * @param dense the first layer of its sequence classifier, with {@code activation} behind it
 * @param classifier the second
 * @param dropsFirst whether training drops of what its first layer reads
 * @param headPrefixes how the names of all heads' weights begin
 */
record BertFamily(
    String modelType,
    String className,
    String bodyPrefix,
    BertNames names,
    String dense,
    Activation activation,
    String classifier,
    boolean dropsFirst,
    List<String> headPrefixes) {

  FirstTokenHead sequenceHead(int hiddenSize, int labels, double dropout) {
    return new FirstTokenHead(
        dense, activation, classifier, hiddenSize, labels, dropout, dropsFirst);
  }
}
