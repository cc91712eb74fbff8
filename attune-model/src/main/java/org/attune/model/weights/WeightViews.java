package org.attune.model.weights;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.attune.model.dropout.Dropout;
import org.attune.model.dropout.NoiseSource;
import org.attune.model.weights.AdaptedLinear.Part;
import org.attune.tensor.DType;
import org.attune.tensor.FewRowsProduct;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The view of {@link Weights} that one replica of a model computes with.
 *
 * <p>Frozen views only read. Collecting views are leaves that share memory with the weights and add
 * their gradients to a buffer of their own: no two threads add into the same gradient, and sums
 * come out in the same order every time.
 *
 * <p>With bfloat16 as the compute type, {@linkplain #linear linear layers} multiply in bfloat16
 * with a copy of the weights that all replicas share ({@link Weights#computeCopy}); everything
 * else, the sums of gradients included, stays in float32.
 *
 * <p>Under an {@link Adaptation} the weights are frozen and what is trained stands in front of
 * them. A model's code does not notice: it asks for a weight by its name and gets it adapted.
 */
public final class WeightViews implements AutoCloseable {
  private final DType computeType;
  private final WeightStore base;
  private final @Nullable WeightStore trained;
  private final Map<String, LowRank> deltas;
  private final double adapterDropout;
  private final NoiseSource noise = new NoiseSource();
  private final Map<String, WeightUse> uses = new LinkedHashMap<>();
  private final Set<String> shared = new LinkedHashSet<>();

  private WeightViews(
      Weights weights, @Nullable Adaptation adaptation, DType computeType, boolean collecting) {
    this.computeType = computeType;
    base = new WeightStore(weights, collecting && adaptation == null);
    trained = adaptation == null ? null : new WeightStore(adaptation.trained(), collecting);
    deltas = adaptation == null ? Map.of() : adaptation.deltas();
    adapterDropout = adaptation == null ? 0 : adaptation.dropout();
  }

  /** Views through which no gradient flows. */
  public static WeightViews frozen(Weights weights, DType computeType) {
    return new WeightViews(weights, null, computeType, false);
  }

  /** Views that collect gradients. */
  public static WeightViews collecting(Weights weights, DType computeType) {
    return new WeightViews(weights, null, computeType, true);
  }

  /** Adapted views through which no gradient flows. */
  public static WeightViews frozen(Weights weights, Adaptation adaptation, DType computeType) {
    return new WeightViews(weights, adaptation, computeType, false);
  }

  /** Views that collect the gradients of the adaptation alone. */
  public static WeightViews collecting(Weights weights, Adaptation adaptation, DType computeType) {
    return new WeightViews(weights, adaptation, computeType, true);
  }

  /** The collected gradients, laid out as {@link Weights#flat()} of what is trained. */
  public Tensor gradients() {
    Tensor gradients = (trained == null ? base : trained).gradients();
    if (gradients == null) {
      throw new IllegalStateException("Frozen views collect no gradients.");
    }
    return gradients;
  }

  /** Whether the model has a weight of that name. */
  public boolean has(String name) {
    return base.has(name);
  }

  /** How each weight was asked for so far; the first time counts. */
  public Map<String, WeightUse> uses() {
    return Collections.unmodifiableMap(uses);
  }

  /** Weights that were asked for in two ways: tables that are an output layer's matrix too. */
  public Set<String> shared() {
    return Collections.unmodifiableSet(shared);
  }

  /** One weight, or several that lie one behind another, in float32. */
  public Tensor get(String... names) {
    note(WeightUse.PLAIN, names);
    return store(names[0]).leaf(names);
  }

  /** A place of its own where the model drops, at the rate that its configuration says. */
  public Dropout dropout(double configured) {
    return noise.ofModel(configured);
  }

  /** Where all dropout under these views gets its masks from. */
  public NoiseSource noise() {
    return noise;
  }

  /** A table whose rows are read by id, such as an embedding. */
  public Lookup lookup(String name) {
    note(WeightUse.TABLE, name);
    Tensor table = store(name).table(name);
    Delta delta = delta(name, WeightUse.TABLE);
    Lookup rows = ids -> table.embedding(ids).to(DType.FLOAT32);
    return delta == null ? rows : ids -> delta.ontoRows(rows.of(ids), ids);
  }

  /** x Wᵀ for matrices {@code [out, in]} that lie one behind another, without bias. */
  public Projection linear(String... weightNames) {
    return linear(WeightUse.LINEAR, List.of(weightNames), List.of());
  }

  /** x Wᵀ + b. */
  public Projection linearWithBias(List<String> weightNames, List<String> biasNames) {
    return linear(WeightUse.LINEAR, weightNames, biasNames);
  }

  /** x W + b for a matrix stored as {@code [in, out]}. */
  public Projection transposedLinear(String weightName, String biasName) {
    return linear(WeightUse.TRANSPOSED, List.of(weightName), List.of(biasName));
  }

  /**
   * x Wᵀ + b in float32 whatever the compute type, for heads: their rows are few, and what they
   * score is compared.
   */
  public Projection headLinear(String weightName, @Nullable String biasName) {
    note(WeightUse.LINEAR, weightName);
    Tensor weight = store(weightName).leaf(weightName);
    Tensor bias = biasName == null ? null : get(biasName);
    Delta delta = delta(weightName, WeightUse.LINEAR);
    return delta == null
        ? x -> x.linear(weight, bias)
        : new AdaptedLinear(
            x -> x.linear(weight, null),
            List.of(new Part(width(WeightUse.LINEAR, weightName), delta)),
            bias == null ? null : y -> y.plus(bias));
  }

  private Projection linear(WeightUse use, List<String> names, List<String> biasNames) {
    note(use, names.toArray(new String[0]));
    note(WeightUse.PLAIN, biasNames.toArray(new String[0]));
    List<Part> parts = new ArrayList<>();
    for (String name : names) {
      parts.add(new Part(width(use, name), delta(name, use)));
    }
    if (parts.stream().allMatch(part -> part.delta() == null)) {
      return product(use, names, biasNames);
    }
    boolean rescales = parts.stream().anyMatch(p -> p.delta() != null && p.delta().rescales());
    return rescales && !biasNames.isEmpty()
        ? new AdaptedLinear(product(use, names, List.of()), parts, adding(biasNames))
        : new AdaptedLinear(product(use, names, biasNames), parts, null);
  }

  /** The product with matrices as they are, frozen or trained whole. */
  private Projection product(WeightUse use, List<String> names, List<String> biasNames) {
    List<List<String>> runs = runs(use, names);
    if (runs.size() > 1) {
      List<Projection> each = runs.stream().map(run -> product(use, run, List.of())).toList();
      Projection joined = x -> Tensor.concatenated(each.stream().map(p -> p.of(x)).toList(), 1);
      Projection bias = biasNames.isEmpty() ? y -> y : adding(biasNames);
      return x -> bias.of(joined.of(x));
    }
    if (matrixStore(use, names.get(0)).isQuantized(names.get(0))) {
      Projection product = base.transientProduct(names);
      Projection bias = biasNames.isEmpty() ? y -> y : adding(biasNames);
      return x -> bias.of(product.of(x));
    }
    Tensor weight =
        matrixStore(use, names.get(0)).matrix(computeType, names.toArray(new String[0]));
    boolean transposed = use == WeightUse.TRANSPOSED;
    if (computeType != DType.FLOAT32) {
      Projection bias = biasNames.isEmpty() ? y -> y : adding(biasNames);
      UnaryOperator<Tensor> product = low -> lowTimes(low, weight, transposed);
      return x -> bias.of(RoundedRows.multiplied(x, computeType, product));
    }
    if (biasNames.isEmpty()) {
      return x -> times(x, weight, transposed);
    }
    if (biasRuns(biasNames).size() > 1) {
      Projection bias = adding(biasNames);
      return x -> bias.of(times(x, weight, transposed));
    }
    Tensor bias = store(biasNames.get(0)).leaf(biasNames.toArray(new String[0]));
    return x ->
        FewRowsProduct.fits(x, weight)
            ? times(x, weight, transposed).plus(bias)
            : transposed ? bias.plusProduct(x, weight) : x.linear(weight, bias);
  }

  private Projection adding(List<String> biasNames) {
    List<Tensor> leaves =
        biasRuns(biasNames).stream()
            .map(run -> store(run.get(0)).leaf(run.toArray(new String[0])))
            .toList();
    return leaves.size() == 1
        ? y -> y.plus(leaves.get(0))
        : y -> y.plus(Tensor.concatenated(leaves, 0));
  }

  private List<List<String>> biasRuns(List<String> names) {
    return runs(WeightUse.PLAIN, names);
  }

  /** Neighbours that are all frozen or all trained whole, which one view covers. */
  private List<List<String>> runs(WeightUse use, List<String> names) {
    List<List<String>> runs = new ArrayList<>();
    for (String name : names) {
      List<String> last = runs.isEmpty() ? List.of() : runs.get(runs.size() - 1);
      if (last.isEmpty() || matrixStore(use, last.get(0)) != matrixStore(use, name)) {
        runs.add(new ArrayList<>());
      }
      runs.get(runs.size() - 1).add(name);
    }
    return runs;
  }

  private static Tensor lowTimes(Tensor low, Tensor weight, boolean transposed) {
    if (SharedProduct.fits(low, weight)) {
      return SharedProduct.of(low, transposed ? weight.transposed(0, 1) : weight);
    }
    return transposed ? low.matmul(weight) : low.linear(weight, null);
  }

  private static Tensor times(Tensor x, Tensor weight, boolean transposed) {
    if (FewRowsProduct.fits(x, weight)) {
      return FewRowsProduct.of(x, weight, transposed);
    }
    return transposed ? x.matmul(weight) : x.linear(weight, null);
  }

  /**
   * Adds gradients that were computed in bfloat16 to the collected ones; call after each backward
   * pass.
   */
  public void collect() {
    base.collect();
    if (trained != null) {
      trained.collect();
    }
  }

  private void note(WeightUse use, String... names) {
    for (String name : names) {
      WeightUse first = uses.putIfAbsent(name, use);
      if (first != null && first != use) {
        shared.add(name);
      }
    }
  }

  private WeightStore store(String name) {
    return trained != null && trained.has(name) ? trained : base;
  }

  /**
   * An output layer that shares the embedding's table is not adapted with it: adapters name
   * modules, and the output layer is another one.
   */
  private WeightStore matrixStore(WeightUse use, String name) {
    return isShared(use, name) ? base : store(name);
  }

  private boolean isShared(WeightUse use, String name) {
    return uses.getOrDefault(name, use) != use;
  }

  private long width(WeightUse use, String name) {
    return base.size(name, use == WeightUse.TRANSPOSED ? 1 : 0);
  }

  private @Nullable Delta delta(String name, WeightUse use) {
    LowRank rank = deltas.get(name);
    WeightStore factors = trained;
    if (rank == null || factors == null || isShared(use, name)) {
      return null;
    }
    String magnitude = rank.magnitude();
    return new Delta(
        factors.leaf(rank.down()),
        factors.leaf(rank.up()),
        rank.scaling(),
        noise.ofAdapter(adapterDropout),
        magnitude == null
            ? null
            : new Delta.Magnitude(
                factors.leaf(magnitude), () -> base.frozen(name, use == WeightUse.TRANSPOSED)));
  }

  @Override
  public void close() {
    base.close();
    if (trained != null) {
      trained.close();
    }
  }
}
