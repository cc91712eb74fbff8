package org.attune.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A multi-dimensional array in native memory, with the operations that training needs.
 *
 * <p>Every tensor is owned by a {@link TensorScope} and unusable after that scope closed.
 * Operations return new tensors in the innermost scope of the calling thread; those whose name ends
 * in {@code InPlace} change this tensor and return it. A view ({@link #view}, {@link #narrow},
 * {@link #transposed} ...) shares memory with its source and keeps it alive. Gradients flow through
 * every operation on floating-point tensors unless it says otherwise. Arguments that do not fit
 * throw {@link TensorException} with both shapes.
 *
 * <p>Dimensions count from 0; negative ones count from the end.
 */
public final class Tensor {
  private final org.bytedeco.pytorch.Tensor handle;
  private @Nullable TensorScope owner;
  private int placeInOwner;

  private Tensor(org.bytedeco.pytorch.Tensor handle) {
    this.handle = handle;
    TensorScope.innermost().own(this);
  }

  // Making tensors

  /** A float32 tensor of {@code values} in row-major order. */
  public static Tensor of(float[] values, long... shape) {
    requireCount(values.length, shape);
    Tensor tensor = empty(DType.FLOAT32, shape);
    if (values.length > 0) {
      tensor.floats().put(values);
    }
    return tensor;
  }

  /** An int64 tensor of {@code values} in row-major order: token ids, positions, indices. */
  public static Tensor of(int[] values, long... shape) {
    return of(Arrays.stream(values).asLongStream().toArray(), shape);
  }

  /** An int64 tensor of {@code values} in row-major order. */
  public static Tensor of(long[] values, long... shape) {
    requireCount(values.length, shape);
    Tensor tensor = empty(DType.INT64, shape);
    if (values.length > 0) {
      tensor.bytes().asLongBuffer().put(values);
    }
    return tensor;
  }

  /** A float32 vector. */
  public static Tensor vector(float... values) {
    return of(values, values.length);
  }

  /** An int64 vector of indices. */
  public static Tensor indices(int... values) {
    return of(values, values.length);
  }

  /** A tensor whose elements are whatever the memory held. */
  public static Tensor empty(DType type, long... shape) {
    NativeRuntime.enter();
    try (TensorOptions options = new TensorOptions(type.scalarType())) {
      return make("empty", () -> torch.empty(shape, options, null));
    }
  }

  public static Tensor zeros(DType type, long... shape) {
    NativeRuntime.enter();
    try (TensorOptions options = new TensorOptions(type.scalarType())) {
      return make("zeros", () -> torch.zeros(shape, options));
    }
  }

  public static Tensor zeros(long... shape) {
    return zeros(DType.FLOAT32, shape);
  }

  public static Tensor full(double value, long... shape) {
    return empty(DType.FLOAT32, shape).fillInPlace(value);
  }

  /** 0, 1, … {@code end} − 1 as int64. */
  public static Tensor range(long end) {
    NativeRuntime.enter();
    try (Scalar stop = new Scalar(end);
        TensorOptions options = new TensorOptions(DType.INT64.scalarType())) {
      return make("range", () -> torch.arange(stop, options));
    }
  }

  // What it is

  public long[] shape() {
    long[] shape = new long[(int) handle().dim()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = handle.size(i);
    }
    return shape;
  }

  /** The size of one dimension. */
  public long size(int dimension) {
    return handle().size(dimension);
  }

  /** The number of dimensions. */
  public int rank() {
    return (int) handle().dim();
  }

  /** The number of elements. */
  public long count() {
    return handle().numel();
  }

  public DType type() {
    return DType.of(handle().scalar_type());
  }

  public boolean requiresGradient() {
    return handle().requires_grad();
  }

  // Elements to Java

  /** The only element, as a double. */
  public double item() {
    if (count() != 1) {
      throw new TensorException(
          "item needs exactly one element but the shape is " + describe() + ".");
    }
    return handle.item_double();
  }

  /** All elements in row-major order; converts to float32 where the type is another. */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(count())];
    readFloats(values);
    return values;
  }

  /** Copies all elements in row-major order into {@code target}, which may be longer. */
  public void readFloats(float[] target) {
    TensorScope.use(
        () -> {
          Tensor source = detached().to(DType.FLOAT32).contiguous();
          if (source.count() > 0) {
            source.floats().get(target, 0, Math.toIntExact(source.count()));
          }
        });
  }

  /** All elements of an int64 or bool tensor in row-major order. */
  public long[] toLongs() {
    return TensorScope.with(
        () -> {
          Tensor source = to(DType.INT64).contiguous();
          long[] values = new long[Math.toIntExact(source.count())];
          if (values.length > 0) {
            source.bytes().asLongBuffer().get(values);
          }
          return values;
        });
  }

  /**
   * The memory of a contiguous float32 tensor of at most 2³¹ bytes. Valid while the tensor's scope
   * is open; writing changes the tensor.
   */
  public FloatBuffer floats() {
    if (type() != DType.FLOAT32) {
      throw new TensorException("floats needs a float32 tensor but the type is " + type() + ".");
    }
    return bytes().asFloatBuffer();
  }

  /**
   * The memory of a contiguous tensor of at most 2³¹ bytes, as {@link #floats}; for codes that
   * libtorch does not compute with.
   */
  public ByteBuffer bytes() {
    Pointer memory = memory();
    long length = Math.multiplyExact(count(), (long) type().bytes());
    if (length > Integer.MAX_VALUE) {
      throw new TensorException(
          "Direct access to "
              + length
              + " bytes is more than a Java buffer holds; narrow the tensor first.");
    }
    BytePointer pointer = new BytePointer(memory);
    return pointer.capacity(length).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /** The memory of a contiguous tensor. */
  Pointer memory() {
    if (!handle().is_contiguous()) {
      throw new TensorException(
          "Direct access needs a contiguous tensor; call contiguous() first.");
    }
    return handle.data_ptr();
  }

  // Arithmetic

  public Tensor plus(Tensor other) {
    return binary("plus", other, () -> handle.add(other.handle()));
  }

  public Tensor plus(double value) {
    return scalar("plus", value, s -> handle.add(s));
  }

  public Tensor minus(Tensor other) {
    return binary("minus", other, () -> handle.sub(other.handle()));
  }

  public Tensor minus(double value) {
    return plus(-value);
  }

  public Tensor times(Tensor other) {
    return binary("times", other, () -> handle.mul(other.handle()));
  }

  public Tensor times(double value) {
    return scalar("times", value, s -> handle.mul(s));
  }

  public Tensor dividedBy(Tensor other) {
    return binary("dividedBy", other, () -> handle.div(other.handle()));
  }

  public Tensor dividedBy(double value) {
    return scalar("dividedBy", value, s -> handle.div(s));
  }

  public Tensor negated() {
    return unary("negated", () -> handle.neg());
  }

  public Tensor squared() {
    return unary("squared", () -> handle.square());
  }

  public Tensor exp() {
    return unary("exp", () -> handle.exp());
  }

  public Tensor log() {
    return unary("log", () -> handle.log());
  }

  public Tensor abs() {
    return unary("abs", () -> handle.abs());
  }

  public Tensor sqrt() {
    return unary("sqrt", () -> handle.sqrt());
  }

  /** Each element limited to [{@code low}, {@code high}]; no gradient outside. */
  public Tensor clamped(double low, double high) {
    return unary(
        "clamped",
        () -> {
          try (Scalar min = new Scalar(low);
              Scalar max = new Scalar(high);
              ScalarOptional from = new ScalarOptional(min);
              ScalarOptional to = new ScalarOptional(max)) {
            return handle.clamp(from, to);
          }
        });
  }

  /** Each element limited to the interval given by the elements of {@code low} and {@code high}. */
  public Tensor clamped(Tensor low, Tensor high) {
    return maximum(low).minimum(high);
  }

  public Tensor maximum(Tensor other) {
    return binary("maximum", other, () -> handle.maximum(other.handle()));
  }

  public Tensor minimum(Tensor other) {
    return binary("minimum", other, () -> handle.minimum(other.handle()));
  }

  // Comparison: bool results without gradient

  public Tensor isGreaterThan(Tensor other) {
    return binary("isGreaterThan", other, () -> handle.gt(other.handle()));
  }

  public Tensor isGreaterThan(double value) {
    return scalar("isGreaterThan", value, s -> handle.gt(s));
  }

  public Tensor isEqualTo(Tensor other) {
    return binary("isEqualTo", other, () -> handle.eq(other.handle()));
  }

  /** Whether every element is a number: neither infinite nor NaN. */
  public boolean isFinite() {
    return TensorScope.with(() -> make("isFinite", () -> handle().isfinite().all()).item() != 0);
  }

  // Reductions

  public Tensor sum() {
    return unary("sum", () -> handle.sum());
  }

  /** Sums over one dimension, which disappears. */
  public Tensor sum(int dimension) {
    return unary("sum", () -> handle.sum(new long[] {dimension}, false, null));
  }

  public Tensor mean() {
    return unary("mean", () -> handle.mean());
  }

  public Tensor max() {
    return unary("max", () -> handle.max());
  }

  public Tensor min() {
    return unary("min", () -> handle.min());
  }

  /** The Euclidean norm of all elements. */
  public Tensor norm() {
    return unary("norm", () -> handle.norm());
  }

  /**
   * The index of the largest element of the last dimension, which disappears; int64, no gradient.
   */
  public Tensor argmaxOfLast() {
    return unary(
        "argmaxOfLast",
        () -> {
          try (LongOptional last = new LongOptional(-1)) {
            return torch.argmax(handle, last, false);
          }
        });
  }

  // Shape

  /**
   * The same elements in another shape; one size may be −1. Shares memory; needs a fitting layout.
   */
  public Tensor view(long... shape) {
    return unary("view to " + Arrays.toString(shape), () -> handle.view(shape));
  }

  /** The same elements in another shape, copied only where the layout asks for it. */
  public Tensor reshaped(long... shape) {
    return unary("reshaped to " + Arrays.toString(shape), () -> handle.reshape(shape));
  }

  public Tensor transposed(int first, int second) {
    return unary("transposed", () -> handle.transpose(first, second));
  }

  /** {@code length} entries of a dimension from {@code start}; shares memory. */
  public Tensor narrow(int dimension, long start, long length) {
    return unary("narrow", () -> handle.narrow(dimension, start, length));
  }

  /** One entry of a dimension, which disappears; shares memory. */
  public Tensor select(int dimension, long index) {
    return unary("select", () -> handle.select(dimension, index));
  }

  /** Repeats dimensions of size 1 without copying; −1 keeps a size. */
  public Tensor expanded(long... shape) {
    return unary("expanded to " + Arrays.toString(shape), () -> handle.expand(shape));
  }

  /** Adds a dimension of size 1. */
  public Tensor unsqueezed(int dimension) {
    return unary("unsqueezed", () -> handle.unsqueeze(dimension));
  }

  /** Removes a dimension of size 1. */
  public Tensor squeezed(int dimension) {
    return unary("squeezed", () -> handle.squeeze(dimension));
  }

  /**
   * The entries of a dimension moved on by {@code shift}, those pushed out at its end entering at
   * its start.
   */
  public Tensor rolled(long shift, int dimension) {
    return unary("rolled", () -> handle.roll(new long[] {shift}, new long[] {dimension}));
  }

  public Tensor contiguous() {
    return unary("contiguous", () -> handle.contiguous());
  }

  /** The tensors one behind another along an existing dimension. */
  public static Tensor concatenated(List<Tensor> parts, int dimension) {
    try (TensorVector vector = vectorOf(parts)) {
      return make("concatenated", () -> torch.cat(vector, dimension), parts.toArray(new Tensor[0]));
    }
  }

  /**
   * Consecutive parts of a dimension, of the given sizes, which add up to its size; they share
   * memory. The backward pass joins the parts' gradients, where {@link #narrow} would fill up each.
   */
  public List<Tensor> split(int dimension, long... sizes) {
    List<Tensor> parts = new ArrayList<>();
    run(
        "split into " + Arrays.toString(sizes),
        () -> {
          try (TensorVector vector = handle().split_with_sizes(sizes, dimension)) {
            for (int i = 0; i < sizes.length; i++) {
              parts.add(new Tensor(new org.bytedeco.pytorch.Tensor(vector.get(i))));
            }
          }
        },
        this);
    return parts;
  }

  // Picking and placing

  /** The entries of a dimension that {@code indices} (int64 vector) names, in that order. */
  public Tensor indexSelect(int dimension, Tensor indices) {
    return binary("indexSelect", indices, () -> handle.index_select(dimension, indices.handle()));
  }

  /** For each position of {@code indices}, the element at that index of {@code dimension}. */
  public Tensor gather(int dimension, Tensor indices) {
    return binary("gather", indices, () -> handle.gather(dimension, indices.handle()));
  }

  // Neural network pieces

  /** Matrix product. */
  public Tensor matmul(Tensor other) {
    return binary("matmul", other, () -> handle.matmul(other.handle()));
  }

  /**
   * y = x Wᵀ + b for x {@code [..., in]}.
   *
   * @param weight {@code [out, in]}
   * @param bias {@code [out]}, or null for none
   */
  public Tensor linear(Tensor weight, @Nullable Tensor bias) {
    if (bias == null) {
      return binary("linear", weight, () -> torch.linear(handle, weight.handle()));
    }
    return make(
        "linear",
        () -> {
          try (TensorOptional b = new TensorOptional(bias.handle())) {
            return torch.linear(handle(), weight.handle(), b);
          }
        },
        this,
        weight,
        bias);
  }

  /** This (bias {@code [out]}) + x W for x {@code [N, in]} and W {@code [in, out]}. */
  public Tensor plusProduct(Tensor x, Tensor weight) {
    return make(
        "plusProduct", () -> torch.addmm(handle(), x.handle(), weight.handle()), this, x, weight);
  }

  /**
   * Rows of this table {@code [V, C]} that {@code ids} (int64, any shape) names: {@code [..., C]}.
   */
  public Tensor embedding(Tensor ids) {
    return binary("embedding", ids, () -> torch.embedding(handle, ids.handle()));
  }

  /**
   * Layer normalization over the last dimension with scale and shift. Ba et al. 2016
   * (arXiv:1607.06450).
   *
   * @param bias the shift; null for none
   */
  public Tensor layerNorm(Tensor weight, @Nullable Tensor bias, double epsilon) {
    return make(
        "layerNorm",
        () -> {
          try (TensorOptional w = new TensorOptional(weight.handle());
              TensorOptional b =
                  bias == null ? new TensorOptional() : new TensorOptional(bias.handle())) {
            return torch.layer_norm(handle(), new long[] {size(-1)}, w, b, epsilon, false);
          }
        },
        this,
        weight);
  }

  /**
   * x / √(mean x² + ε) · weight over the last dimension. Zhang and Sennrich 2019
   * (arXiv:1910.07467).
   */
  public Tensor rmsNorm(Tensor weight, double epsilon) {
    return make(
        "rmsNorm",
        () -> {
          try (TensorOptional w = new TensorOptional(weight.handle());
              DoubleOptional e = new DoubleOptional(epsilon)) {
            return torch.rms_norm(handle(), new long[] {size(-1)}, w, e);
          }
        },
        this,
        weight);
  }

  /** x · σ(x). */
  public Tensor silu() {
    return unary("silu", () -> torch.silu(handle));
  }

  /** GELU in its tanh approximation. Hendrycks and Gimpel 2016 (arXiv:1606.08415). */
  public Tensor geluTanh() {
    return unary("geluTanh", () -> torch.gelu(handle, "tanh"));
  }

  /** GELU, x · Φ(x). */
  public Tensor gelu() {
    return unary("gelu", () -> torch.gelu(handle));
  }

  public Tensor relu() {
    return unary("relu", () -> torch.relu(handle));
  }

  public Tensor tanh() {
    return unary("tanh", () -> torch.tanh(handle));
  }

  /** σ(x) = 1 / (1 + e⁻ˣ). */
  public Tensor sigmoid() {
    return unary("sigmoid", () -> torch.sigmoid(handle));
  }

  /** Softmax over the last dimension. */
  public Tensor softmax() {
    return unary("softmax", () -> torch.softmax(handle, -1));
  }

  /** log σ(x), stable for large |x|. */
  public Tensor logSigmoid() {
    return unary("logSigmoid", () -> torch.log_sigmoid(handle));
  }

  /** Log-softmax over the last dimension. */
  public Tensor logSoftmax() {
    return unary("logSoftmax", () -> torch.log_softmax(handle, -1));
  }

  /**
   * softmax(q kᵀ · scale + mask) v. Vaswani et al. 2017 (arXiv:1706.03762), equation 1.
   *
   * @param queries {@code [S, H, Tq, D]}
   * @param keys {@code [S, H, Tk, D]}
   * @param values {@code [S, H, Tk, D]}
   * @param added float mask broadcast to {@code [S, H, Tq, Tk]}: 0 where a query may look, −∞ where
   *     not; null for none. No gradient flows into it.
   * @param scale usually 1/√D
   */
  public static Tensor attention(
      Tensor queries, Tensor keys, Tensor values, @Nullable Tensor added, double scale) {
    return attention(queries, keys, values, added, scale, false);
  }

  /** As {@link #attention} where query i may look at keys 0 … i only; Tq = Tk. */
  public static Tensor causalAttention(Tensor queries, Tensor keys, Tensor values, double scale) {
    return attention(queries, keys, values, null, scale, true);
  }

  private static Tensor attention(
      Tensor queries,
      Tensor keys,
      Tensor values,
      @Nullable Tensor added,
      double scale,
      boolean causal) {
    return make(
        "attention",
        () -> {
          try (TensorOptional mask =
                  added == null ? new TensorOptional() : new TensorOptional(added.handle());
              DoubleOptional factor = new DoubleOptional(scale)) {
            return torch.scaled_dot_product_attention(
                queries.handle(), keys.handle(), values.handle(), mask, 0.0, causal, factor, false);
          }
        },
        queries,
        keys,
        values);
  }

  /**
   * Σ −log softmax(logits)[target], in float32.
   *
   * <p>Gradients flow into this tensor (the logits, {@code [N, V]}).
   *
   * @param targets int64 {@code [N]}
   */
  public Tensor crossEntropySum(Tensor targets) {
    int sum = 2; // at::Reduction::Sum
    return binary(
        "crossEntropySum",
        targets,
        () -> {
          try (TensorOptional weight = new TensorOptional()) {
            return torch.cross_entropy_loss(handle, targets.handle(), weight, sum, -100, 0.0);
          }
        });
  }

  // Gradients

  /**
   * The same elements outside the graph: no gradient flows back through the result. Shares memory.
   */
  public Tensor detached() {
    return unary("detached", () -> handle.detach());
  }

  /** Makes this leaf collect gradients. */
  public Tensor collectGradient() {
    handle().requires_grad_(true);
    return this;
  }

  /**
   * Makes this leaf collect its gradient in {@code buffer}, of the same shape, to which every
   * backward pass adds.
   */
  public Tensor collectGradientIn(Tensor buffer) {
    collectGradient();
    handle.mutable_grad().put(buffer.handle());
    return this;
  }

  /**
   * The collected gradient.
   *
   * @throws TensorException if no backward pass has reached this tensor
   */
  public Tensor gradient() {
    org.bytedeco.pytorch.Tensor gradient = handle().grad();
    if (!gradient.defined()) {
      throw new TensorException(
          "No gradient has reached this tensor. Call collectGradient() before the forward pass, and backward() after it.");
    }
    return new Tensor(gradient);
  }

  /** Whether a backward pass has reached this tensor. */
  public boolean hasGradient() {
    return handle().grad().defined();
  }

  /** Forgets the collected gradient. */
  public void dropGradient() {
    try (org.bytedeco.pytorch.Tensor undefined = new org.bytedeco.pytorch.Tensor()) {
      handle().mutable_grad().put(undefined);
    }
  }

  /** Adds the gradient of this single element to every leaf that it depends on. */
  public void backward() {
    run("backward", () -> handle().backward(), this);
  }

  /** Adds the gradient of Σ this · {@code gradient} to every leaf that this tensor depends on. */
  public void backward(Tensor gradient) {
    run(
        "backward",
        () -> {
          try (BoolOptional retain = new BoolOptional();
              TensorArrayRefOptional inputs = new TensorArrayRefOptional()) {
            handle().backward(gradient.handle(), retain, false, inputs);
          }
        },
        this,
        gradient);
  }

  /** Lets {@code hook} change the gradient that reaches this tensor. */
  void hook(GradientHook hook) {
    handle().register_hook(hook);
  }

  /** A gradient as a hook receives it, in the current scope. */
  static Tensor gradient(TensorBase received) {
    return new Tensor(new org.bytedeco.pytorch.Tensor(received));
  }

  /** A further reference, outside all scopes. */
  TensorBase nativeReference() {
    return new TensorBase(handle());
  }

  // Conversion

  /** This tensor in another element type; itself where it has that type. */
  public Tensor to(DType type) {
    return unary("to " + type, () -> handle.to(type.scalarType()));
  }

  /** A copy in memory of its own. */
  public Tensor copied() {
    return unary("copied", () -> handle.clone());
  }

  // In place: no graph is recorded for leaves that collect gradients, so call these without
  // gradients

  public Tensor fillInPlace(double value) {
    return inPlace("fillInPlace", value, s -> handle.fill_(s));
  }

  public Tensor copyInPlace(Tensor source) {
    run("copyInPlace", () -> handle().copy_(source.handle()), this, source);
    return this;
  }

  public Tensor addInPlace(Tensor other) {
    run("addInPlace", () -> handle().add_(other.handle()), this, other);
    return this;
  }

  /** this += factor · other. */
  public Tensor addInPlace(Tensor other, double factor) {
    return inPlace("addInPlace", factor, s -> handle.add_(other.handle(), s));
  }

  public Tensor addInPlace(double value) {
    return inPlace("addInPlace", value, s -> handle.add_(s));
  }

  public Tensor timesInPlace(double factor) {
    return inPlace("timesInPlace", factor, s -> handle.mul_(s));
  }

  /** this += factor · left · right. */
  public Tensor addProductInPlace(Tensor left, Tensor right, double factor) {
    return inPlace(
        "addProductInPlace", factor, s -> handle.addcmul_(left.handle(), right.handle(), s));
  }

  /** this += factor · left / right. */
  public Tensor addQuotientInPlace(Tensor left, Tensor right, double factor) {
    return inPlace(
        "addQuotientInPlace", factor, s -> handle.addcdiv_(left.handle(), right.handle(), s));
  }

  /** Puts {@code rows} at the entries of a dimension that {@code indices} names. */
  public Tensor indexCopyInPlace(int dimension, Tensor indices, Tensor rows) {
    run(
        "indexCopyInPlace",
        () -> handle().index_copy_(dimension, indices.handle(), rows.handle()),
        this,
        indices,
        rows);
    return this;
  }

  @Override
  public String toString() {
    return owner == null ? "Tensor[freed]" : "Tensor" + describe() + " " + type();
  }

  // Ownership, for TensorScope

  TensorScope owner() {
    if (owner == null) {
      throw freed();
    }
    return owner;
  }

  int placeInOwner() {
    return placeInOwner;
  }

  void ownedBy(TensorScope scope, int place) {
    owner = scope;
    placeInOwner = place;
  }

  void free() {
    owner = null;
    handle.close();
  }

  // The native seam

  private interface ScalarOperation {
    org.bytedeco.pytorch.Tensor apply(Scalar value);
  }

  private org.bytedeco.pytorch.Tensor handle() {
    if (owner == null) {
      throw freed();
    }
    return handle;
  }

  private static TensorException freed() {
    return new TensorException(
        "The tensor was used after its scope closed. Keep it with TensorScope.keep(...), or return it from TensorScope.with(...).");
  }

  private Tensor unary(String operation, Supplier<org.bytedeco.pytorch.Tensor> call) {
    handle();
    return make(operation, call, this);
  }

  private Tensor binary(
      String operation, Tensor other, Supplier<org.bytedeco.pytorch.Tensor> call) {
    handle();
    return make(operation, call, this, other);
  }

  private Tensor scalar(String operation, double value, ScalarOperation call) {
    handle();
    try (Scalar scalar = new Scalar(value)) {
      return make(operation, () -> call.apply(scalar), this);
    }
  }

  private Tensor inPlace(String operation, double value, ScalarOperation call) {
    handle();
    try (Scalar scalar = new Scalar(value)) {
      run(operation, () -> call.apply(scalar), this);
    }
    return this;
  }

  private static Tensor make(
      String operation, Supplier<org.bytedeco.pytorch.Tensor> call, Tensor... arguments) {
    try {
      return new Tensor(call.get());
    } catch (TensorException e) {
      throw e;
    } catch (RuntimeException e) {
      throw translated(operation, e, arguments);
    }
  }

  private static void run(String operation, Runnable call, Tensor... arguments) {
    try {
      call.run();
    } catch (TensorException e) {
      throw e;
    } catch (RuntimeException e) {
      throw translated(operation, e, arguments);
    }
  }

  private static TensorException translated(
      String operation, RuntimeException error, Tensor... arguments) {
    String native_ = error.getMessage() == null ? error.toString() : error.getMessage();
    String firstLine = native_.lines().findFirst().orElse("");
    StringBuilder message = new StringBuilder(operation).append(": ");
    if (arguments.length > 0) {
      message.append(arguments.length == 1 ? "shape " : "shapes ");
      for (int i = 0; i < arguments.length; i++) {
        message.append(i == 0 ? "" : i == arguments.length - 1 ? " and " : ", ");
        message.append(arguments[i].describe());
      }
      message.append(arguments.length == 1 ? " does not fit. " : " do not fit. ");
    }
    return new TensorException(message.append(firstLine).toString(), error);
  }

  private static TensorVector vectorOf(List<Tensor> tensors) {
    org.bytedeco.pytorch.Tensor[] handles = new org.bytedeco.pytorch.Tensor[tensors.size()];
    for (int i = 0; i < handles.length; i++) {
      handles[i] = tensors.get(i).handle();
    }
    return new TensorVector(handles);
  }

  private static void requireCount(int values, long... shape) {
    long expected = 1;
    for (long size : shape) {
      expected *= size;
    }
    if (expected != values) {
      throw new TensorException(
          values
              + " values do not fill the shape "
              + Arrays.toString(shape)
              + ", which has "
              + expected
              + ".");
    }
  }

  private String describe() {
    return Arrays.toString(shape());
  }
}
