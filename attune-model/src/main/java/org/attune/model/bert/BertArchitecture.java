package org.attune.model.bert;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.ClassifierHead;
import org.attune.model.transformer.EachTokenHead;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;

/** An encoder with BERT's blocks. */
record BertArchitecture(BertShape shape, BertFamily family) implements Architecture {
  @Override
  public String modelType() {
    return family.modelType();
  }

  @Override
  public String bodyPrefix() {
    return family.bodyPrefix();
  }

  @Override
  public int vocabularySize() {
    return shape.vocabularySize();
  }

  @Override
  public int hiddenSize() {
    return shape.hiddenSize();
  }

  @Override
  public int layers() {
    return shape.layers();
  }

  @Override
  public int keyHeads() {
    return shape.heads();
  }

  @Override
  public int headSize() {
    return shape.headSize();
  }

  @Override
  public int contextLength() {
    return shape.positions() - shape.firstPosition();
  }

  @Override
  public double initializerRange() {
    return shape.initializerRange();
  }

  @Override
  public boolean isEncoder() {
    return true;
  }

  @Override
  public List<WeightSpec> bodyWeights() {
    BertNames names = family.names();
    int width = shape.hiddenSize();
    List<WeightSpec> specs = new ArrayList<>();
    specs.add(new WeightSpec(names.words(), shape.vocabularySize(), width));
    specs.add(new WeightSpec(names.positions(), shape.positions(), width));
    if (names.types() != null) {
      specs.add(new WeightSpec(names.types(), shape.tokenTypes(), width));
    }
    norm(specs, names.embeddingNorm());
    for (int i = 0; i < shape.layers(); i++) {
      // matrices and biases of the three lie one behind another, and are used as one
      linear(specs, names.in(i, names.query()), width, width);
      linear(specs, names.in(i, names.key()), width, width);
      linear(specs, names.in(i, names.value()), width, width);
      linear(specs, names.in(i, names.attentionOutput()), width, width);
      norm(specs, names.in(i, names.attentionNorm()));
      linear(specs, names.in(i, names.up()), width, shape.intermediateSize());
      linear(specs, names.in(i, names.down()), shape.intermediateSize(), width);
      norm(specs, names.in(i, names.outputNorm()));
    }
    return specs;
  }

  private void norm(List<WeightSpec> specs, String name) {
    specs.add(new WeightSpec(name + ".weight", shape.hiddenSize()));
    specs.add(new WeightSpec(name + ".bias", shape.hiddenSize()));
  }

  private static void linear(List<WeightSpec> specs, String name, int in, int out) {
    specs.add(new WeightSpec(name + ".weight", out, in));
    specs.add(new WeightSpec(name + ".bias", out));
  }

  @Override
  public List<WeightSpec> outputWeights() {
    List<WeightSpec> specs = new ArrayList<>();
    linear(specs, family.names().transform(), shape.hiddenSize(), shape.hiddenSize());
    norm(specs, family.names().transformNorm());
    specs.add(new WeightSpec(family.names().outputBias(), shape.vocabularySize()));
    return specs;
  }

  @Override
  public ClassifierHead sequenceHead(int labels) {
    return family.sequenceHead(shape.hiddenSize(), labels, shape.dropout().head());
  }

  @Override
  public ClassifierHead tokenHead(int labels) {
    return new EachTokenHead("classifier", shape.hiddenSize(), labels, shape.tokenHeadDropout());
  }

  @Override
  public List<String> headPrefixes() {
    return family.headPrefixes();
  }

  @Override
  public String className(String head) {
    return family.className() + "For" + head;
  }

  @Override
  public Transformer over(WeightViews weights) {
    return new BertEncoder(shape, family.names(), weights);
  }
}
