package org.attune.model.decoder;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.attune.model.dropout.Noise;
import org.attune.model.dropout.NoiseSource;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.Attention.KeysAndValues;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.weights.Projection;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A decoder layer's attention to what the encoder read, from its input to what it adds. Vaswani et
 * al. 2017 (arXiv:1706.03762), section 3.2.3.
 *
 * @param layer which one, from 0
 * @param form how it weighs keys
 * @param query {@code [C]} to {@code [H · D]}
 * @param keyValue {@code [C]} to {@code [2 H · D]}: keys, values
 * @param output {@code [H · D]} to {@code [C]}
 * @param noise where dropout in the projections gets its masks from
 */
public record CrossAttention(
    int layer,
    HeadLayout heads,
    AttentionForm form,
    Projection query,
    Projection keyValue,
    Projection output,
    NoiseSource noise) {

  /**
   * What the layer sees for {@code x}, {@code [N, C]}.
   *
   * @param source the encoder's output, {@code [M, C]}; null where attention knows its keys from an
   *     earlier pass
   * @param ofSource what masks of the encoder's tokens are drawn from; null drops nothing
   */
  public Tensor of(
      Tensor x, @Nullable Tensor source, @Nullable Noise ofSource, Attention attention) {
    Tensor queries = query.of(x).view(x.size(0), heads.heads(), heads.headSize()); // [N, H, D]
    return output.of(
        attention.attendSource(
            layer,
            form,
            queries,
            () -> noise.during(ofSource, () -> keysAndValues(requireNonNull(source)))));
  }

  private KeysAndValues keysAndValues(Tensor source) {
    List<Tensor> parts = // [M, H, D] each
        keyValue
            .of(source)
            .view(source.size(0), 2L * heads.heads(), heads.headSize())
            .split(1, heads.heads(), heads.heads());
    return new KeysAndValues(parts.get(0), parts.get(1));
  }
}
