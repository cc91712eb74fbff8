package org.attune.model.gguf;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.attune.tensor.Tensor;

/** The numbers of a weight in order, however many: no Java buffer sees more than 2 GiB. */
public final class WeightNumbers {
  private static final long PIECE = 1L << 28;

  private final long pieceLength;
  private final List<FloatBuffer> pieces = new ArrayList<>();

  private WeightNumbers(Tensor values, long pieceLength) {
    this.pieceLength = pieceLength;
    Tensor flat = values.view(values.count());
    for (long first = 0; first < flat.count(); first += pieceLength) {
      pieces.add(flat.narrow(0, first, Math.min(pieceLength, flat.count() - first)).floats());
    }
  }

  /** Those of a contiguous float32 tensor; valid while the current scope is open. */
  public static WeightNumbers of(Tensor values) {
    return of(values, PIECE);
  }

  static WeightNumbers of(Tensor values, long pieceLength) {
    return new WeightNumbers(values, pieceLength);
  }

  float get(long index) {
    return pieces.get((int) (index / pieceLength)).get((int) (index % pieceLength));
  }
}
