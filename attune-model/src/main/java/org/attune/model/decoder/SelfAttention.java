package org.attune.model.decoder;

import java.util.List;
import org.attune.model.transformer.Attention;
import org.attune.model.transformer.AttentionForm;
import org.attune.model.transformer.RotaryPositions.Turn;
import org.attune.model.weights.Projection;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one layer, from its input to what it adds: projections with grouped key heads, and
 * rotary positions.
 *
 * @param layer which one, from 0
 * @param form how it weighs keys
 * @param queryKeyValue {@code [C]} to {@code [(H + 2 K) · D]}: queries, keys, values
 * @param norm of queries and keys; null for none
 * @param output {@code [H · D]} to {@code [C]}
 */
public record SelfAttention(
    int layer,
    HeadLayout heads,
    AttentionForm form,
    Projection queryKeyValue,
    @Nullable QueryKeyNorm norm,
    Projection output) {

  /** What the layer sees in {@code x}, {@code [N, C]}; a null turn leaves positions out. */
  public Tensor of(Tensor x, @Nullable Turn turn, Attention attention) {
    int queries = heads.heads();
    int keys = heads.keyHeads();
    Tensor all = // [N, H + 2 K, D]
        queryKeyValue.of(x).view(x.size(0), queries + 2L * keys, heads.headSize());
    if (norm == null && turn != null) {
      List<Tensor> parts = all.split(1, queries + keys, keys); // one turn serves both
      List<Tensor> turned = turn.of(parts.get(0)).split(1, queries, keys);
      return attended(attention, turned.get(0), turned.get(1), parts.get(1));
    }
    List<Tensor> parts = all.split(1, queries, keys, keys);
    Tensor query = norm == null ? parts.get(0) : norm.queries(parts.get(0));
    Tensor key = norm == null ? parts.get(1) : norm.keys(parts.get(1));
    return turn == null
        ? attended(attention, query, key, parts.get(2))
        : attended(attention, turn.of(query), turn.of(key), parts.get(2));
  }

  private Tensor attended(Attention attention, Tensor query, Tensor key, Tensor value) {
    return output.of(attention.attend(layer, form, query, key, value));
  }
}
