package org.attune.model.weights;

import java.util.ArrayList;
import java.util.List;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer whose matrices lie side by side, each with or without a change of its own.
 *
 * <p>The frozen product of all of them is computed at once; its parts are then changed one by one.
 *
 * @param product x of all matrices, {@code [N, in]} to {@code [N, Σ out]}
 * @param parts the matrices in their order
 * @param bias added in the end; null where {@code product} has added it or there is none
 */
record AdaptedLinear(Projection product, List<Part> parts, @Nullable Projection bias)
    implements Projection {

  /**
   * One matrix's share of the output.
   *
   * @param width its number of columns
   * @param delta its change, or null for none
   */
  record Part(long width, @Nullable Delta delta) {
    Tensor of(Tensor product, Tensor x) {
      return delta == null ? product : delta.onto(product, x);
    }
  }

  @Override
  public Tensor of(Tensor x) {
    Tensor sum = changed(product.of(x), x);
    return bias == null ? sum : bias.of(sum);
  }

  private Tensor changed(Tensor all, Tensor x) {
    if (parts.size() == 1) {
      return parts.get(0).of(all, x);
    }
    List<Tensor> shares = all.split(1, parts.stream().mapToLong(Part::width).toArray());
    List<Tensor> changed = new ArrayList<>();
    for (int i = 0; i < shares.size(); i++) {
      changed.add(parts.get(i).of(shares.get(i), x));
    }
    return Tensor.concatenated(changed, 1);
  }
}
