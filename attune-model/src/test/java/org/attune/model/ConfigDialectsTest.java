package org.attune.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.decoder.DecoderArchitecture;
import org.attune.model.falcon.FalconConfig;
import org.attune.model.gemma3.Gemma3Config;
import org.attune.model.gptneox.GptNeoxConfig;
import org.attune.model.rotary.RotaryScaling;
import org.attune.model.transformer.Architecture;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read from the files of transformers 4 and 5, against what each makes of its own. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigDialectsTest {
  private static final String OF_4 = "configs-transformers4";
  private static final String OF_5 = "configs-transformers5";

  static Stream<String> writtenBy4() {
    return names(OF_4);
  }

  static Stream<String> writtenBy5() {
    return names(OF_5);
  }

  private static Stream<String> names(String golden) {
    return Goldens.open(golden).values().properties().stream()
        .map(Map.Entry::getKey)
        .toList()
        .stream();
  }

  @ParameterizedTest
  @MethodSource("writtenBy5")
  void both_dialects_say_the_same(String name) {
    JsonNode golden = Goldens.open(OF_5).values().get(name);

    assertThat(read(golden.get("config4"))).isEqualTo(read(golden.get("config")));
  }

  @ParameterizedTest
  @MethodSource("writtenBy4")
  void what_version_4_wrote_says_what_version_5_read_there(String name) {
    JsonNode four = Goldens.open(OF_4).values().get(name);
    JsonNode five = Goldens.open(OF_5).values().get(name);

    assertThat(read(four.get("config"))).isEqualTo(read(five.get("config")));
  }

  @ParameterizedTest
  @MethodSource("writtenBy5")
  void angles_are_those_of_version_5_at_any_length(String name) {
    JsonNode golden = Goldens.open(OF_5).values().get(name);
    Architecture architecture = read(golden.get("config"));

    requireSame(rotary(architecture), golden.get("rotary"));
    if (architecture instanceof Gemma3Config gemma) {
      requireSame(gemma.windowRotary(), golden.get("window_rotary"));
    }
  }

  @ParameterizedTest
  @MethodSource("writtenBy4")
  void angles_are_those_of_version_4_at_any_length(String name) {
    JsonNode golden = Goldens.open(OF_4).values().get(name);
    Architecture architecture = read(golden.get("config"));

    if (golden.has("rotary")) {
      requireSame(rotary(architecture), golden.get("rotary"));
    }
  }

  private static RotaryScaling rotary(Architecture architecture) {
    if (architecture instanceof GptNeoxConfig neox) {
      return neox.rotary();
    }
    return architecture instanceof FalconConfig falcon
        ? falcon.rotary()
        : ((DecoderArchitecture) architecture).rotary();
  }

  private static Architecture read(JsonNode config) {
    return Architectures.read(
        ConfigJson.parse(Path.of("config.json"), config.toString().getBytes(UTF_8)));
  }

  private static void requireSame(RotaryScaling scaling, JsonNode golden) {
    JsonNode frequencies = golden.get("frequencies");
    assertThat(scaling.dependsOnLength()).isEqualTo(frequencies.size() > 1);
    for (int i = 0; i < golden.get("lengths").size(); i++) {
      int length = golden.get("lengths").get(i).asInt();
      Tolerance.FLOAT32.check(
          "positions of one radian at length " + length, // relative, however slow a pair turns
          inverse(wide(scaling.frequencies(length))),
          inverse(numbers(frequencies.get(Math.min(i, frequencies.size() - 1)))));
    }
    Tolerance.FLOAT32.check("magnitude", scaling.magnitude(), golden.get("magnitude").asDouble());
  }

  private static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static double[] inverse(double[] values) {
    return Arrays.stream(values).map(value -> 1 / value).toArray();
  }

  private static double[] wide(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }
}
