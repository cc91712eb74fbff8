package org.attune.model.bert;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.dropout.Dropout;
import org.attune.model.dropout.DropoutRates;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.BidirectionalAttention;
import org.attune.model.transformer.Layers;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.transformer.Transformer;
import org.attune.model.weights.Lookup;
import org.attune.model.weights.Projection;
import org.attune.model.weights.WeightViews;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * BERT's transformer: learned positions and token types, and blocks with the norm behind each sum.
 *
 * <p>Devlin et al. 2019 (arXiv:1810.04805).
 */
final class BertEncoder implements Transformer {
  private final BertShape shape;
  private final AttentionForm form;
  private final WeightViews weights;
  private final Lookup words; // [V, C]
  private final Lookup positions; // [positions, C]
  private final @Nullable Lookup types; // [types, C]
  private final Norm embeddingNorm;
  private final Dropout embeddingDropout;
  private final List<Layer> layers = new ArrayList<>();
  private final @Nullable Output output;

  private record Norm(Tensor weight, Tensor bias, double epsilon) {
    Tensor of(Tensor x) {
      return x.layerNorm(weight, bias, epsilon);
    }
  }

  private record Layer(
      int index,
      Projection queryKeyValue,
      Projection attentionOutput,
      Norm attentionNorm,
      Projection up,
      Projection down,
      Norm outputNorm) {}

  /** From hidden states to scores of masked tokens, by the embedding's matrix. */
  private record Output(
      Projection transform, Activation activation, Norm norm, Projection words, Tensor bias) {
    Tensor of(Tensor hidden) {
      return words.of(norm.of(activation.of(transform.of(hidden)))).plus(bias);
    }
  }

  BertEncoder(BertShape shape, BertNames names, WeightViews weights) {
    this.shape = shape;
    DropoutRates rates = shape.dropout();
    form = AttentionForm.ofHeadSize(shape.headSize()).withDropout(rates.attention());
    this.weights = weights;
    words = weights.lookup(names.words());
    positions = weights.lookup(names.positions());
    types = names.types() == null ? null : weights.lookup(names.types());
    embeddingNorm = norm(names.embeddingNorm());
    embeddingDropout = weights.dropout(rates.embedding());
    for (int i = 0; i < shape.layers(); i++) {
      Projection attended = linear(names.in(i, names.attentionOutput()));
      layers.add(
          new Layer(
              i,
              linear(
                  names.in(i, names.query()), names.in(i, names.key()), names.in(i, names.value())),
              shape.dropsAttended() ? attended.then(weights.dropout(rates.residual())) : attended,
              norm(names.in(i, names.attentionNorm())),
              linear(names.in(i, names.up())),
              linear(names.in(i, names.down())).then(weights.dropout(rates.residual())),
              norm(names.in(i, names.outputNorm()))));
    }
    output = weights.has(names.outputBias()) ? output(names) : null;
  }

  private Norm norm(String name) {
    return new Norm(
        weights.get(name + ".weight"), weights.get(name + ".bias"), shape.normEpsilon());
  }

  private Projection linear(String... names) {
    return weights.linearWithBias(
        List.of(names).stream().map(name -> name + ".weight").toList(),
        List.of(names).stream().map(name -> name + ".bias").toList());
  }

  private Output output(BertNames names) {
    return new Output(
        linear(names.transform()),
        shape.outputActivation(),
        norm(names.transformNorm()),
        weights.linear(names.words()),
        weights.get(names.outputBias()));
  }

  @Override
  public Tensor hidden(TokenBatch batch) {
    return hidden(batch, new BidirectionalAttention(batch));
  }

  @Override
  public Tensor hidden(TokenBatch batch, Attention attention) {
    Tensor x = // [N, C]
        words.of(batch.ids()).plus(positions.of(positionsOf(batch)));
    if (types != null) {
      x = x.plus(types.of(batch.types(shape.tokenTypes())));
    }
    return Layers.through(
        layers,
        embeddingDropout.of(embeddingNorm.of(x)),
        (layer, before) -> after(layer, before, attention));
  }

  private Tensor after(Layer layer, Tensor before, Attention attention) {
    Tensor x = layer.attentionNorm.of(before.plus(attended(layer, before, attention)));
    return layer.outputNorm.of(x.plus(layer.down.of(shape.activation().of(layer.up.of(x)))));
  }

  /** Rows of the position table. RoBERTa does not count pad tokens: they stand at the pad's row. */
  private Tensor positionsOf(TokenBatch batch) {
    if (shape.firstPosition() == 0) {
      return batch.positions();
    }
    int[] rows = new int[batch.tokens()];
    for (int s = 0; s < batch.sequences(); s++) {
      int next = shape.firstPosition();
      for (int t = batch.start(s); t < batch.start(s) + batch.length(s); t++) {
        rows[t] = batch.id(t) == shape.padId() ? shape.padId() : next++;
      }
    }
    return Tensor.indices(rows);
  }

  private Tensor attended(Layer layer, Tensor x, Attention attention) {
    int heads = shape.heads();
    Tensor all = // [N, 3 H, D]
        layer.queryKeyValue.of(x).view(x.size(0), 3L * heads, shape.headSize());
    List<Tensor> parts = all.split(1, heads, heads, heads);
    return layer.attentionOutput.of(
        attention.attend(layer.index, form, parts.get(0), parts.get(1), parts.get(2)));
  }

  @Override
  public Tensor logits(Tensor hidden) {
    if (output == null) {
      throw new IllegalStateException(
          "This encoder was loaded without the head that scores masked tokens. Load it with Head.MASKED.");
    }
    return output.of(hidden);
  }

  @Override
  public void close() {
    weights.close();
  }
}
