package org.attune.model.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * All weights of a model, named, in one flat float32 buffer.
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

  private record Slot(long offset, WeightSpec spec) {}

  /** Makes weights that are all zero. */
  public Weights(List<WeightSpec> specs) {
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
    flat = TensorScope.with(() -> owner.adopt(Tensor.zeros(DType.FLOAT32, total)));
  }

  /** All weights, float32 {@code [count]}. */
  public Tensor flat() {
    return flat;
  }

  /**
   * The weights in bfloat16, laid out as {@link #flat}: made on the first call, renewed by {@link
   * #renewComputeCopy}.
   */
  public synchronized Tensor computeCopy() {
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

  /** The number of elements of all weights. */
  public long count() {
    return flat.count();
  }

  /** How many elements from the start of {@link #flat} weight decay applies to. */
  public long decayedCount() {
    return decayedCount;
  }

  /** The specifications in the order of the buffer. */
  public List<WeightSpec> specs() {
    return slots.values().stream().map(Slot::spec).toList();
  }

  public boolean has(String name) {
    return slots.containsKey(name);
  }

  /** A view of one weight; valid in the current scope. */
  public Tensor get(String name) {
    return viewIn(flat, name);
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
    owner.close();
  }
}
