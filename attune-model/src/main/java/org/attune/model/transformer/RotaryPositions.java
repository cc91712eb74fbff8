package org.attune.model.transformer;

import java.util.List;
import org.attune.data.InvalidInputException;
import org.attune.model.rotary.RotaryScaling;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding: turns pairs of a head's channels by angles that grow with the
 * position, so that a product of query and key depends on their distance.
 *
 * <p>Channel j of the first half and of the second half form a pair with the angle position ·
 * frequency. Su et al. 2021 (arXiv:2104.09864), equation 34, in the half-split order of Hugging
 * Face checkpoints.
 *
 * <p>Cosines and sines are kept in tables that grow with the positions asked for, up to the
 * context's length. Where frequencies depend on a sequence's length, they are made for each batch.
 */
public final class RotaryPositions implements AutoCloseable {
  private static final int FIRST_CAPACITY = 512;

  private final TensorScope owner = TensorScope.owner();
  private final int contextLength;
  private final RotaryScaling scaling;
  private @Nullable Table table;

  /**
   * Angles of many positions.
   *
   * @param cosines {@code [capacity, R]}
   * @param sines the same, negative in the first half
   */
  private record Table(int capacity, Tensor cosines, Tensor sines) {}

  public RotaryPositions(int contextLength, RotaryScaling scaling) {
    this.contextLength = contextLength;
    this.scaling = scaling;
  }

  /** The turn of each token, shared by all layers of a pass. */
  public Turn at(TokenBatch batch) {
    if (scaling.dependsOnLength()) {
      return byLength(batch);
    }
    int largest = 0;
    for (int i = 0; i < batch.tokens(); i++) {
      largest = Math.max(largest, batch.position(i));
    }
    Table known = tableUpTo(largest);
    Tensor positions = batch.positions();
    return new Turn(
        known.cosines.embedding(positions).unsqueezed(1),
        known.sines.embedding(positions).unsqueezed(1));
  }

  private Turn byLength(TokenBatch batch) {
    Angles angles = null;
    for (int s = 0; s < batch.sequences(); s++) {
      int end = batch.start(s) + batch.length(s);
      float[] frequencies = scaling.frequencies(batch.position(end - 1) + 1);
      if (angles == null) {
        angles = new Angles(batch.tokens(), frequencies.length, scaling.magnitude());
      }
      for (int token = batch.start(s); token < end; token++) {
        angles.set(token, batch.position(token), frequencies);
      }
    }
    if (angles == null) {
      throw new IllegalArgumentException("A batch needs at least one sequence.");
    }
    return new Turn(angles.cosines().unsqueezed(1), angles.sines().unsqueezed(1));
  }

  /** Threads that share a frozen model share its tables; a table that grew leaves the old one. */
  private synchronized Table tableUpTo(int position) {
    if (position >= contextLength) {
      throw new InvalidInputException(
          "A token stands at position %,d, but the model's context has %,d. Shorten the text."
              .formatted(position, contextLength));
    }
    if (table == null || position >= table.capacity) {
      int capacity = FIRST_CAPACITY;
      while (capacity <= position) {
        capacity *= 2;
      }
      table = table(Math.min(capacity, contextLength));
    }
    return table;
  }

  private Table table(int capacity) {
    float[] frequencies = scaling.frequencies(contextLength);
    Angles angles = new Angles(capacity, frequencies.length, scaling.magnitude());
    for (int position = 0; position < capacity; position++) {
      angles.set(position, position, frequencies);
    }
    return TensorScope.with(
        () -> new Table(capacity, owner.adopt(angles.cosines()), owner.adopt(angles.sines())));
  }

  /** Rows of cosines and signed sines. */
  private static final class Angles {
    private final int rows;
    private final int pairs;
    private final double magnitude;
    private final float[] cosines;
    private final float[] sines;

    Angles(int rows, int pairs, double magnitude) {
      this.rows = rows;
      this.pairs = pairs;
      this.magnitude = magnitude;
      cosines = new float[rows * 2 * pairs];
      sines = new float[rows * 2 * pairs];
    }

    void set(int row, int position, float[] frequencies) {
      for (int j = 0; j < pairs; j++) {
        float angle = position * frequencies[j];
        int at = row * 2 * pairs + j;
        cosines[at] = (float) (Math.cos(angle) * magnitude);
        cosines[at + pairs] = cosines[at];
        sines[at + pairs] = (float) (Math.sin(angle) * magnitude);
        sines[at] = -sines[at + pairs];
      }
    }

    Tensor cosines() {
      return Tensor.of(cosines, rows, 2L * pairs);
    }

    Tensor sines() {
      return Tensor.of(sines, rows, 2L * pairs);
    }
  }

  /**
   * Cosines and signed sines of each token's angles.
   *
   * @param cosines {@code [N, 1, R]}, for the R channels that are turned
   * @param sines {@code [N, 1, R]}
   */
  public record Turn(Tensor cosines, Tensor sines) {
    /** Turns the first R channels of each head of each token, {@code [N, H, D]}. */
    public Tensor of(Tensor heads) {
      long turned = cosines.size(2);
      long others = heads.size(2) - turned;
      if (others == 0) {
        return turned(heads);
      }
      List<Tensor> parts = heads.split(2, turned, others);
      return Tensor.concatenated(List.of(turned(parts.get(0)), parts.get(1)), 2);
    }

    private Tensor turned(Tensor heads) {
      return heads.times(cosines).plus(heads.rolled(heads.size(2) / 2, 2).times(sines));
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
