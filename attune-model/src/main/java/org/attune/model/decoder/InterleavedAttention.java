package org.attune.model.decoder;

import java.util.List;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.RotaryPositions.Turn;
import org.attune.model.weights.Projection;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one layer with a single projection, in which each key head stands behind the query
 * heads that share it, and its value head behind the key head.
 *
 * @param layer which one, from 0
 * @param form how it weighs keys
 * @param queryKeyValue {@code [C]} to {@code [K · (H / K + 2) · D]}
 * @param output {@code [H · D]} to {@code [C]}
 */
public record InterleavedAttention(
    int layer, HeadLayout heads, AttentionForm form, Projection queryKeyValue, Projection output) {

  /** What the layer sees in {@code x}, {@code [N, C]}; a null turn leaves positions out. */
  public Tensor of(Tensor x, @Nullable Turn turn, Attention attention) {
    long tokens = x.size(0);
    long groups = heads.keyHeads();
    long sharing = heads.heads() / groups;
    long size = heads.headSize();
    List<Tensor> parts = // [N, K, H / K, D], [N, K, 1, D], [N, K, 1, D]
        queryKeyValue.of(x).view(tokens, groups, sharing + 2, size).split(2, sharing, 1, 1);
    Tensor query = parts.get(0).reshaped(tokens, heads.heads(), size);
    Tensor key = parts.get(1).squeezed(2);
    Tensor value = parts.get(2).squeezed(2);
    return output.of(
        turn == null
            ? attention.attend(layer, form, query, key, value)
            : attention.attend(layer, form, turn.of(query), turn.of(key), value));
  }
}
