package org.attune.model;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.attune.model.checkpoint.SafetensorsWriter;
import org.attune.model.checkpoint.StoredType;
import org.attune.model.checkpoint.TensorInfo;
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

  static void save(Weights weights, Path directory, StoredType type, long maxShardBytes) {
    try (TensorScope scope = TensorScope.open()) {
      SafetensorsWriter model = new SafetensorsWriter();
      SafetensorsWriter valueHead = new SafetensorsWriter();
      boolean hasValueHead = false;
      for (WeightSpec spec : weights.specs()) {
        boolean isValueHead = spec.name().startsWith("v_head.");
        hasValueHead |= isValueHead;
        List<Long> shape = Arrays.stream(spec.shape()).boxed().toList();
        FloatBuffer values = weights.get(spec.name()).floats();
        if (isValueHead) {
          valueHead.addFloats(spec.name(), shape, values::duplicate);
        } else {
          model.addFloats(spec.name(), new TensorInfo(type, shape), values::duplicate);
        }
      }
      model.writeDirectory(directory, maxShardBytes);
      if (hasValueHead) {
        valueHead.writeFile(directory.resolve(VALUE_HEAD));
      }
    }
  }
}
