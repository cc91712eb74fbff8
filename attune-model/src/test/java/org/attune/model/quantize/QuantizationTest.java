package org.attune.model.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.Locale;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QuantizationTest {

  @ParameterizedTest
  @CsvSource({
    "normal, NF4",
    "ragged, NF4",
    "outliers, NF4",
    "normal, INT8",
    "ragged, INT8",
    "outliers, INT8"
  })
  void values_are_those_of_the_original(String name, Quantization quantization) {
    Goldens golden = Goldens.open("quantization");
    var shape = golden.values().get("shapes").get(name);
    try (SafetensorsFile tensors = SafetensorsFile.open(golden.tensors());
        TensorScope scope = TensorScope.open();
        QuantizedMatrix matrix =
            quantization.of(
                Tensor.of(floats(tensors, name), shape.get(0).asInt(), shape.get(1).asInt()))) {
      Tolerance.FLOAT32.check(
          name,
          matrix.dequantized().toFloats(),
          floats(tensors, name + "." + quantization.name().toLowerCase(Locale.ROOT)));
    }
  }

  @Test
  void the_dynamic_map_is_that_of_the_original() {
    NearestCode map = DynamicMap.signed();
    float[] values = new float[256];
    for (int i = 0; i < values.length; i++) {
      values[i] = map.value(i);
    }

    try (SafetensorsFile tensors = SafetensorsFile.open(Goldens.open("quantization").tensors())) {
      Tolerance.FLOAT32.check("map", values, floats(tensors, "dynamic_map"));
    }
  }

  @Test
  void nf4_takes_an_eighth_of_float32_and_int8_a_quarter() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor whole = Tensor.full(0.5, 512, 1024);
      double float32 = 4.0 * whole.count();
      try (QuantizedMatrix nf4 = Quantization.NF4.of(whole);
          QuantizedMatrix int8 = Quantization.INT8.of(whole)) {
        assertThat(nf4.bytes() / float32).isBetween(1 / 8.0, 1 / 7.7);
        assertThat(int8.bytes() / float32).isBetween(1 / 4.0, 1 / 3.9);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"NF4", "INT8"})
  void zeros_stay_zeros(Quantization quantization) {
    try (TensorScope scope = TensorScope.open();
        QuantizedMatrix matrix = quantization.of(Tensor.zeros(3, 70))) {
      assertThat(matrix.dequantized().toFloats()).containsOnly(0);
    }
  }

  private static float[] floats(SafetensorsFile file, String name) {
    FloatBuffer buffer = FloatBuffer.allocate((int) file.info(name).elements());
    file.readFloats(name, buffer);
    return buffer.array();
  }
}
