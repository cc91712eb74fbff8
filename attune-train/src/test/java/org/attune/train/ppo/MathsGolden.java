package org.attune.train.ppo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.attune.testkit.Goldens;
import org.attune.train.GoldenTensors;

/** The original's functions applied to four padded responses; here without the padding. */
final class MathsGolden {
  static final int ROWS = 4;
  private static final int WIDTH = 12;

  private final Goldens golden;
  private final GoldenTensors tensors;
  private final float[] mask;

  private MathsGolden(Goldens golden) {
    this.golden = golden;
    tensors = GoldenTensors.open(golden);
    mask = tensors.floats("in.mask");
  }

  static MathsGolden open() {
    return new MathsGolden(Goldens.open("ppo-maths"));
  }

  JsonNode values() {
    return golden.values();
  }

  double[] numbers(String pointer) {
    return golden.numbers(pointer);
  }

  double[] all(String name) {
    return tensors.doubles(name);
  }

  float[] allFloats(String name) {
    return tensors.floats(name);
  }

  /** Positions in the padded rows that hold a response token. */
  int[] positions() {
    return IntStream.range(0, ROWS * WIDTH).filter(i -> mask[i] == 1).toArray();
  }

  /** The response tokens of all rows. */
  double[] unpadded(String name) {
    double[] all = tensors.doubles(name);
    return Arrays.stream(positions()).mapToDouble(i -> all[i]).toArray();
  }

  /** The response tokens of one row. */
  double[] unpadded(String name, int row) {
    double[] all = tensors.doubles(name);
    return Arrays.stream(positions())
        .filter(i -> i / WIDTH == row)
        .mapToDouble(i -> all[i])
        .toArray();
  }

  float[] unpaddedFloats(String name) {
    double[] doubles = unpadded(name);
    float[] floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
    }
    return floats;
  }
}
