package org.attune.model.weights;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.attune.model.quantize.Quantization;
import org.attune.model.quantize.QuantizedMatrix;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * All weights of a model, named, in one flat buffer: float32, or bfloat16 where they are only
 * computed with.
 *
 * <p>Matrices come first, then biases and norms, so that weight decay covers one range; within
 * each, the order is that of the specifications. Optimizers, clipping and checkpoints work on the
 * buffer; a model sees {@linkplain #get named views}. Weights that lie one behind another and are
 * used together can be viewed as one matrix.
 */
public final class Weights implements AutoCloseable {
  private final TensorScope owner = TensorScope.owner();
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final long decayedCount;
  private final Tensor flat;
  private @Nullable Tensor computeCopy;
  private final Map<String, WeightSpec> quantizedSpecs = new LinkedHashMap<>();
  private final Map<String, WeightUse> quantizedUses;
  private final Map<String, QuantizedMatrix> quantized = new HashMap<>();
  private final @Nullable Quantization quantization;

  /** Where a weight's values come from. */
  @FunctionalInterface
  public interface Values {
    /** Puts the values from {@code first} on into {@code target}, as many as it has room for. */
    void read(long first, FloatBuffer target);
  }

  /** No Java buffer sees more than 2 GiB. */
  private static final long PIECE = 1L << 26;

  /** What is read before it is rounded takes memory of its own. */
  private static final long CONVERTED_PIECE = 1L << 20;

  private record Slot(long offset, WeightSpec spec) {}

  /** Makes weights that are all zero. */
  public Weights(List<WeightSpec> specs) {
    this(specs, null, Map.of(), true, DType.FLOAT32);
  }

  /**
   * Makes weights that are all zero, kept in {@code type}. Only those in float32 can be trained.
   */
  public Weights(List<WeightSpec> specs, DType type) {
    this(specs, null, Map.of(), true, type);
  }

  /**
   * Makes weights of which some are kept in fewer bits; these cannot be trained. They are to be
   * {@linkplain #fill filled} before they are used.
   *
   * @param uses how a model computes with each of the quantized matrices, by name
   * @param type of the others
   */
  public static Weights quantized(
      List<WeightSpec> specs, Quantization quantization, Map<String, WeightUse> uses, DType type) {
    return new Weights(specs, quantization, uses, true, type);
  }

  /** Weights whose values are whatever the memory held, to see how a model asks for them. */
  public static Weights unfilled(List<WeightSpec> specs) {
    return new Weights(specs, null, Map.of(), false, DType.FLOAT32);
  }

  private Weights(
      List<WeightSpec> all,
      @Nullable Quantization quantization,
      Map<String, WeightUse> quantizedUses,
      boolean zeroed,
      DType type) {
    this.quantization = quantization;
    this.quantizedUses = Map.copyOf(quantizedUses);
    all.stream()
        .filter(spec -> quantizedUses.containsKey(spec.name()))
        .forEach(spec -> quantizedSpecs.put(spec.name(), spec));
    List<WeightSpec> specs =
        all.stream().filter(spec -> !quantizedUses.containsKey(spec.name())).toList();
    List<WeightSpec> ordered = new ArrayList<>(specs.stream().filter(WeightSpec::decays).toList());
    long offset = 0;
    int decayed = ordered.size();
    specs.stream().filter(spec -> !spec.decays()).forEach(ordered::add);
    long decayedEnd = 0;
    for (int i = 0; i < ordered.size(); i++) {
      WeightSpec spec = ordered.get(i);
      slots.put(spec.name(), new Slot(offset, spec));
      offset += spec.count();
      if (i == decayed - 1) {
        decayedEnd = offset;
      }
    }
    decayedCount = decayedEnd;
    long total = offset;
    flat =
        TensorScope.with(
            () -> owner.adopt(zeroed ? Tensor.zeros(type, total) : Tensor.empty(type, total)));
  }

  /** All weights but the quantized ones, {@code [count]} in their {@link #type}. */
  public Tensor flat() {
    return flat;
  }

  /** What all weights but the quantized ones are kept in. */
  public DType type() {
    return flat.type();
  }

  /** Whether some values are kept in less than float32, so that they cannot be trained. */
  public boolean isFrozen() {
    return isQuantized() || type() != DType.FLOAT32;
  }

  /**
   * The weights in bfloat16, laid out as {@link #flat}: themselves if they are kept so; else made
   * on the first call, renewed by {@link #renewComputeCopy}.
   */
  public synchronized Tensor computeCopy() {
    if (type() == DType.BFLOAT16) {
      return flat;
    }
    if (computeCopy == null) {
      computeCopy = TensorScope.with(() -> owner.adopt(flat.to(DType.BFLOAT16)));
    }
    return computeCopy;
  }

  /** Brings the bfloat16 copy, if there is one, up to date after the weights changed. */
  public void renewComputeCopy() {
    if (computeCopy != null) {
      computeCopy.copyInPlace(flat);
    }
  }

  /** The number of elements of {@link #flat}. */
  public long count() {
    return flat.count();
  }

  /** How many elements from the start of {@link #flat} weight decay applies to. */
  public long decayedCount() {
    return decayedCount;
  }

  /** The specifications in the order of the buffer, then those of quantized matrices. */
  public List<WeightSpec> specs() {
    return Stream.concat(slots.values().stream().map(Slot::spec), quantizedSpecs.values().stream())
        .toList();
  }

  public boolean has(String name) {
    return slots.containsKey(name) || quantizedSpecs.containsKey(name);
  }

  /** A weight's sizes. */
  /** The names of all weights. */
  public Set<String> names() {
    return Set.copyOf(specs().stream().map(WeightSpec::name).toList());
  }

  public long[] shape(String name) {
    WeightSpec spec = quantizedSpecs.get(name);
    return (spec == null ? slot(name).spec : spec).shape().clone();
  }

  /** Whether some matrices are kept in fewer bits. */
  public boolean isQuantized() {
    return quantization != null;
  }

  /** Whether a weight is kept in fewer bits. */
  public boolean isQuantized(String name) {
    return quantizedSpecs.containsKey(name);
  }

  /**
   * A float32 view of one weight, valid in the current scope; of one that is kept in less, its
   * values in memory of their own.
   */
  public Tensor get(String name) {
    if (!isQuantized(name)) {
      return viewIn(flat, name).to(DType.FLOAT32); // itself where it is that already
    }
    Tensor matrix = dequantized(name);
    return quantizedUses.get(name) == WeightUse.TRANSPOSED
        ? matrix.transposed(0, 1).contiguous()
        : matrix;
  }

  /** The values of a quantized matrix as {@code [out, in]}. */
  Tensor dequantized(String name) {
    QuantizedMatrix matrix = quantized.get(name);
    if (matrix == null) {
      throw new IllegalStateException(name + " has no values yet; fill it first.");
    }
    return matrix.dequantized();
  }

  /** Gives a weight its values, once if it is a quantized one. */
  public void fill(String name, Values values) {
    Quantization bits = quantization;
    if (bits == null || !isQuantized(name)) {
      TensorScope.use(() -> copy(values, viewIn(flat, name)));
      return;
    }
    TensorScope.use(
        () -> {
          Tensor matrix = Tensor.empty(DType.FLOAT32, shape(name));
          copy(values, matrix);
          boolean transposed = quantizedUses.get(name) == WeightUse.TRANSPOSED;
          quantized.put(name, bits.of(transposed ? matrix.transposed(0, 1).contiguous() : matrix));
        });
  }

  private static void copy(Values values, Tensor target) {
    Tensor flat = target.view(target.count());
    boolean converts = target.type() != DType.FLOAT32;
    long piece = converts ? CONVERTED_PIECE : PIECE;
    for (long first = 0; first < target.count(); first += piece) {
      long from = first;
      long count = Math.min(piece, target.count() - first);
      TensorScope.use(
          () -> {
            Tensor part = flat.narrow(0, from, count);
            Tensor read = converts ? Tensor.empty(DType.FLOAT32, count) : part;
            values.read(from, read.floats());
            if (converts) {
              part.copyInPlace(read);
            }
          });
    }
  }

  /** The memory of all values. */
  public long bytes() {
    return flat.count() * type().bytes()
        + quantized.values().stream().mapToLong(QuantizedMatrix::bytes).sum();
  }

  /**
   * The part of {@code buffer}, laid out as these weights are, that belongs to one weight, or to
   * several that lie one behind another: the rows of the first, then of the second, and so on.
   */
  public Tensor viewIn(Tensor buffer, String... names) {
    Slot first = slot(names[0]);
    long end = first.offset;
    long rows = 0;
    for (String name : names) {
      Slot slot = slot(name);
      if (slot.offset != end) {
        throw new IllegalStateException(
            name
                + " does not follow its predecessor in the buffer; list the specifications in the order they are stacked.");
      }
      end += slot.spec.count();
      rows += slot.spec.shape()[0];
    }
    long[] shape = first.spec.shape().clone();
    shape[0] = rows;
    return buffer.narrow(0, first.offset, end - first.offset).view(shape);
  }

  /** A copy with the same values in memory of its own. */
  public Weights copied() {
    if (isFrozen()) {
      throw new IllegalStateException(
          "Weights in less than float32 are never trained and need no copy.");
    }
    Weights copy = new Weights(specs());
    copy.flat.copyInPlace(flat);
    return copy;
  }

  private Slot slot(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("No weight is called " + name + ".");
    }
    return slot;
  }

  @Override
  public void close() {
    quantized.values().forEach(QuantizedMatrix::close);
    owner.close();
  }
}
