package org.attune.tensor;

import static org.bytedeco.openblas.global.openblas.CblasColMajor;
import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * x Wᵀ of a few rows and a large frozen matrix, as in writing texts token by token: it takes as
 * long as reading the matrix, which an ordinary product copies first.
 *
 * <p>The outputs are computed in pieces, which a {@link Crew} shares. They depend on the shapes
 * alone, and with them every bit of the result.
 */
public final class FewRowsProduct {
  /** Smaller matrices are in the processor's cache anyway. */
  private static final long SMALLEST_MATRIX = 1 << 18;

  /** Elements of the matrix in a piece: half of what a core usually caches by itself. */
  private static final long PIECE = 1 << 17;

  /** Outputs in a piece of a matrix that is stored by inputs. */
  private static final long WIDTH = 512;

  /** Up to this many multiplications OpenBLAS can multiply without copying. */
  private static final long SMALL = 1_000_000;

  private static final boolean MULTIPLIES_SMALL =
      BlasKernels.multiplySmall(System.getenv(BlasKernels.VARIABLE), Machine.flags());

  /** Up to so many rows either way was measured to be faster than an ordinary product. */
  private static final int FEW = MULTIPLIES_SMALL ? 32 : 8;

  private final long rows;
  private final long inputs;
  private final long outputs;
  private final boolean transposed;
  private final Tensor x;
  private final FloatPointer matrix;
  private final Tensor product;

  /**
   * Whether the product is faster this way. A crew shares products of any number of rows.
   *
   * @param x {@code [M, in]}
   * @param matrix {@code [out, in]} or {@code [in, out]}
   */
  public static boolean fits(Tensor x, Tensor matrix) {
    return matrix.count() >= SMALLEST_MATRIX
        && x.rank() == 2
        && (x.size(0) <= FEW || Crew.isLed())
        && x.type() == DType.FLOAT32
        && matrix.type() == DType.FLOAT32
        && !x.requiresGradient()
        && !matrix.requiresGradient();
  }

  /**
   * The product; no gradient flows through it.
   *
   * @param x {@code [M, in]}
   * @param matrix {@code [out, in]}, or {@code [in, out]} if {@code transposed}; contiguous
   * @return {@code [M, out]}
   */
  public static Tensor of(Tensor x, Tensor matrix, boolean transposed) {
    return TensorScope.with(() -> new FewRowsProduct(x, matrix, transposed).computed());
  }

  private FewRowsProduct(Tensor x, Tensor matrix, boolean transposed) {
    this.transposed = transposed;
    this.matrix = new FloatPointer(matrix.memory());
    this.x = x.contiguous();
    rows = x.size(0);
    inputs = x.size(1);
    outputs = matrix.size(transposed ? 1 : 0);
    product = Tensor.empty(DType.FLOAT32, rows, outputs);
  }

  private Tensor computed() {
    if (rows == 1 || (rows <= FEW && !MULTIPLIES_SMALL)) {
      share(this::rowByRow);
    } else if (rows > FEW) {
      share(this::copying);
    } else if (transposed) {
      share(this::inBlocks);
    } else {
      FloatPointer columns = new FloatPointer(x.transposed(0, 1).contiguous().memory());
      Tensor turned = Tensor.empty(DType.FLOAT32, outputs, rows);
      share((from, count) -> withoutCopying(columns, turned, from, count));
    }
    return product;
  }

  /** Computes the outputs from {@code from} on. */
  private interface Piece {
    void compute(long from, long count);
  }

  private void share(Piece piece) {
    // stored by inputs, a piece must be wide, or its rows are many and short
    long pairs = transposed ? ceil(outputs, 2 * WIDTH) : ceil(inputs * outputs, 2 * PIECE);
    int pieces = Math.toIntExact(2 * pairs); // an even number, which two threads can halve
    Crew.share(
        pieces,
        i -> {
          long from = outputs * i / pieces;
          piece.compute(from, outputs * (i + 1) / pieces - from);
        });
  }

  private static long ceil(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  private void rowByRow(long from, long count) {
    FloatPointer in = new FloatPointer(x.memory());
    FloatPointer out = new FloatPointer(product.memory());
    for (long row = 0; row < rows; row++) {
      openblas.cblas_sgemv(
          CblasRowMajor,
          transposed ? CblasTrans : CblasNoTrans,
          (int) (transposed ? inputs : count),
          (int) (transposed ? count : inputs),
          1,
          part(from),
          (int) (transposed ? outputs : inputs),
          in.position(row * inputs),
          1,
          0,
          out.position(row * outputs + from),
          1);
    }
  }

  private void copying(long from, long count) {
    openblas.cblas_sgemm(
        CblasRowMajor,
        CblasNoTrans,
        transposed ? CblasNoTrans : CblasTrans,
        (int) rows,
        (int) count,
        (int) inputs,
        1,
        new FloatPointer(x.memory()),
        (int) inputs,
        part(from),
        (int) (transposed ? outputs : inputs),
        0,
        new FloatPointer(product.memory()).position(from),
        (int) outputs);
  }

  /** A piece of {@code [in, out]}, input by input: sums grow from block to block. */
  private void inBlocks(long from, long count) {
    FloatPointer in = new FloatPointer(x.memory());
    FloatPointer block = new FloatPointer(matrix);
    FloatPointer out = new FloatPointer(product.memory()).position(from);
    long most = Math.max(1, SMALL / (rows * count));
    for (long first = 0; first < inputs; first += most) {
      openblas.cblas_sgemm(
          CblasRowMajor,
          CblasNoTrans,
          CblasNoTrans,
          (int) rows,
          (int) count,
          (int) Math.min(most, inputs - first),
          1,
          in.position(first),
          (int) inputs,
          block.position(first * outputs + from),
          (int) outputs,
          first == 0 ? 0 : 1,
          out,
          (int) outputs);
    }
  }

  /** A piece of {@code [out, in]}, with rows and columns of everything else exchanged. */
  private void withoutCopying(FloatPointer columns, Tensor turned, long from, long count) {
    FloatPointer block = new FloatPointer(matrix);
    FloatPointer out = new FloatPointer(turned.memory());
    long most = Math.max(1, SMALL / (rows * inputs));
    for (long first = from; first < from + count; first += most) {
      openblas.cblas_sgemm(
          CblasColMajor,
          CblasNoTrans,
          CblasNoTrans,
          (int) rows,
          (int) Math.min(most, from + count - first),
          (int) inputs,
          1,
          columns,
          (int) rows,
          block.position(first * inputs),
          (int) inputs,
          0,
          out.position(first * rows),
          (int) rows);
    }
    TensorScope.use(
        () ->
            product
                .narrow(1, from, count)
                .copyInPlace(turned.narrow(0, from, count).transposed(0, 1)));
  }

  private FloatPointer part(long from) {
    return new FloatPointer(matrix).position(transposed ? from : from * inputs);
  }
}
