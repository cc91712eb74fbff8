package org.attune.model.experts;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.attune.model.decoder.GatedFeedForward;
import org.attune.model.decoder.LayerSpecs;
import org.attune.model.decoder.LayerViews;
import org.attune.model.transformer.Activation;
import org.attune.model.transformer.ExpertLoad;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A feed-forward block of E experts, each of which computes only the tokens that were routed to it.
 * Jiang et al. 2024 (arXiv:2401.04088), section 2.1.
 */
public final class Experts {
  private final Router router;
  private final List<GatedFeedForward> experts;

  private Experts(Router router, List<GatedFeedForward> experts) {
    this.router = router;
    this.experts = experts;
  }

  /** The experts of a layer. */
  public static Experts of(
      LayerViews layer, ExpertSettings settings, ExpertNames names, Activation activation) {
    return new Experts(
        new Router(layer.linear(false, names.router()), settings.perToken(), settings.normed()),
        IntStream.range(0, settings.experts())
            .mapToObj(
                i ->
                    new GatedFeedForward(
                        activation,
                        layer.linear(false, names.gate(i), names.up(i)),
                        layer.linear(false, names.down(i))))
            .toList());
  }

  /** Lists their weights. */
  public static void list(
      LayerSpecs layer, ExpertSettings settings, ExpertNames names, int hiddenSize) {
    layer.linear(false, names.router(), hiddenSize, settings.experts());
    for (int i = 0; i < settings.experts(); i++) {
      layer
          .linear(false, names.gate(i), hiddenSize, settings.width())
          .linear(false, names.up(i), hiddenSize, settings.width())
          .linear(false, names.down(i), settings.width(), hiddenSize);
    }
  }

  /**
   * {@code [N, C]} to {@code [N, C]}.
   *
   * @param load is told of the routing; null where nobody asks
   */
  public Tensor of(Tensor x, @Nullable ExpertLoad load) {
    Routes routes = router.of(x, load);
    int[] sizes = routes.plan().sizes();
    Tensor sorted = routes.plan().byExpert(x); // [N · k, C]
    List<Tensor> made = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] > 0) {
        made.add(experts.get(i).of(sorted.narrow(0, from, sizes[i])));
      }
      from += sizes[i];
    }
    return routes.summed(Tensor.concatenated(made, 0));
  }
}
