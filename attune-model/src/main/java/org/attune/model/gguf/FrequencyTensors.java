package org.attune.model.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.attune.model.checkpoint.CheckpointException;

/** Tensors of a GGUF file that are part of {@code config.json} elsewhere. */
final class FrequencyTensors {
  private static final String LONG_FACTORS = "rope_factors_long.weight";
  private static final String SHORT_FACTORS = "rope_factors_short.weight";

  /** They are no weights. */
  static final Set<String> NAMES = Set.of(LlamaFrequencies.TENSOR, LONG_FACTORS, SHORT_FACTORS);

  private FrequencyTensors() {}

  static void addTo(ObjectNode config, GgufFile file) {
    if (file.tensors().containsKey(LlamaFrequencies.TENSOR)) {
      float[] divisors = read(LlamaFrequencies.TENSOR, file);
      double base = config.path("rope_theta").asDouble(10_000);
      config.set(
          "rope_scaling",
          LlamaFrequencies.parameters(divisors, base, config.objectNode())
              .orElseThrow(
                  () ->
                      new CheckpointException(
                          "%s: the tensor %s does not follow the rule of Llama 3. Convert the model again, or load it from where the file was made."
                              .formatted(file.path(), LlamaFrequencies.TENSOR))));
    }
    if (file.tensors().containsKey(LONG_FACTORS)) {
      ObjectNode scaling = config.putObject("rope_scaling").put("rope_type", "longrope");
      put(read(LONG_FACTORS, file), scaling.putArray("long_factor"));
      put(read(SHORT_FACTORS, file), scaling.putArray("short_factor"));
    }
  }

  private static void put(float[] values, ArrayNode array) {
    for (float value : values) {
      array.add(Double.parseDouble(Float.toString(value)));
    }
  }

  private static float[] read(String name, GgufFile file) {
    GgufTensor tensor = file.tensor(name);
    if (tensor.rows() != 1) {
      throw new CheckpointException(
          "%s: tensor %s must be one row of numbers but is %s. Convert the model again."
              .formatted(file.path(), name, tensor.shape()));
    }
    float[] all = new float[(int) tensor.columns()];
    file.readRows(tensor, 0, 1, (row, values) -> System.arraycopy(values, 0, all, 0, all.length));
    return all;
  }
}
