package org.attune.train;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.testkit.Goldens;

/** The tensors of a golden as Java arrays. */
public final class GoldenTensors {
  private final SafetensorsFile file;

  private GoldenTensors(SafetensorsFile file) {
    this.file = file;
  }

  public static GoldenTensors open(Goldens golden) {
    return new GoldenTensors(SafetensorsFile.open(golden.tensors()));
  }

  public int[] integers(String name) {
    IntBuffer buffer = file.data(name).asIntBuffer();
    int[] values = new int[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  public float[] floats(String name) {
    FloatBuffer buffer = FloatBuffer.allocate((int) file.info(name).elements());
    file.readFloats(name, buffer);
    return buffer.array();
  }

  public double[] doubles(String name) {
    float[] floats = floats(name);
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }
}
