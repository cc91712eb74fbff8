package org.attune.model;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.attune.model.checkpoint.SafetensorsWriter;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.Weights;
import org.attune.tensor.TensorScope;

/**
 * Writes weights as transformers names them; the value head, which it does not know, into a file
 * apart.
 */
final class WeightSaver {
  static final String VALUE_HEAD = "value_head.safetensors";

  private WeightSaver() {}

  static void save(Weights weights, Path directory) {
    try (TensorScope scope = TensorScope.open()) {
      SafetensorsWriter model = new SafetensorsWriter();
      SafetensorsWriter valueHead = new SafetensorsWriter();
      boolean hasValueHead = false;
      for (WeightSpec spec : weights.specs()) {
        boolean isValueHead = spec.name().startsWith("v_head.");
        hasValueHead |= isValueHead;
        List<Long> shape = Arrays.stream(spec.shape()).boxed().toList();
        FloatBuffer values = weights.get(spec.name()).floats();
        (isValueHead ? valueHead : model).addFloats(spec.name(), shape, () -> values.duplicate());
      }
      model.writeDirectory(directory);
      if (hasValueHead) {
        valueHead.writeFile(directory.resolve(VALUE_HEAD));
      }
    }
  }
}
