package org.attune.run.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.attune.run.RunConfig;
import org.attune.run.ppo.PpoConfig;
import org.attune.run.reward.RewardConfig;
import org.attune.run.sft.SftConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SchemaTest {
  private static final Map<String, String> OTHER_VALUES =
      Map.of(
          "training.batch-size", "256",
          "training.gradient-accumulation-steps", "2",
          "ppo.mini-batch-size", "64",
          "lora.target-pattern", "other");

  /** What a PPO run has to set as well, so that the other value keeps the rules. */
  private static final Map<String, String> COMPANIONS =
      Map.of(
          "training.gradient-accumulation-steps", "ppo.mini-batch-size=64",
          "ppo.score-norm", "ppo.score-scaling=true");

  /** Keys of shared sections that PPO refuses. */
  private static final Set<String> NOT_IN_PPO = Set.of("training.dropout", "lora.dropout");

  /** Keys of a shared section that other runs refuse. */
  private static final Set<String> ONLY_SFT = Set.of("training.router-aux-loss-coefficient");

  static Stream<RunConfig> runs() {
    return Stream.of(
        SftConfig.builder().runDir(Path.of("a")).model("m").build(),
        RewardConfig.builder().runDir(Path.of("a")).model("m").build(),
        PpoConfig.builder().runDir(Path.of("a")).model("m").build());
  }

  /**
   * Sets each key alone to another value: only that key may change, in file, record and builder.
   */
  @ParameterizedTest
  @MethodSource("runs")
  void every_key_maps_to_its_component_and_survives_toBuilder(RunConfig run) throws Exception {
    String required = "run-dir: a\nmodel: m\ndata: {train: t}\nppo: {reward-model: r}\n";
    if (!(run instanceof PpoConfig)) {
      required = required.replaceAll("ppo: .*\n", "");
    }
    RunConfig before = ConfigReader.parse(required, "x", run.getClass(), List.of());
    for (Setting setting : Schema.of(run.getClass()).settings()) {
      String path = setting.path();
      if ((ONLY_SFT.contains(path) && !(run instanceof SftConfig))
          || (NOT_IN_PPO.contains(path) && run instanceof PpoConfig)) {
        continue;
      }
      String other = otherValue(setting, setting.valueIn(before));
      List<String> overrides = new ArrayList<>(companions(path, run));
      overrides.add(path + "=" + other);

      RunConfig after = ConfigReader.parse(required, "x", run.getClass(), overrides);

      assertThat(setting.valueIn(after)).as(path).isNotEqualTo(setting.valueIn(before));
      assertThat(ConfigDifference.between(before, after))
          .extracting(ConfigDifference::key)
          .as(path)
          .containsOnly(
              overrides.stream()
                  .map(override -> override.substring(0, override.indexOf('=')))
                  .distinct()
                  .toArray(String[]::new));
      Object builder = run.getClass().getMethod("toBuilder").invoke(after);
      assertThat(builder.getClass().getMethod("build").invoke(builder)).as(path).isEqualTo(after);
    }
  }

  private static List<String> companions(String path, RunConfig run) {
    if (path.startsWith("lora.")) {
      return path.equals("lora.layers-pattern")
          ? List.of("lora.r=4", "lora.layers-to-transform=1")
          : List.of("lora.r=4");
    }
    return run instanceof PpoConfig && COMPANIONS.containsKey(path)
        ? List.of(COMPANIONS.get(path))
        : List.of();
  }

  private static String otherValue(Setting setting, @Nullable Object value) {
    if (OTHER_VALUES.containsKey(setting.path())) {
      return OTHER_VALUES.get(setting.path());
    }
    String type = setting.type().getTypeName();
    if (setting.type() instanceof Class<?> enumeration && enumeration.isEnum()) {
      Object[] constants = enumeration.getEnumConstants();
      return Objects.equals(value, constants[0])
          ? constants[1].toString()
          : constants[0].toString();
    }
    if (type.endsWith("boolean") || type.endsWith("Boolean")) {
      return Objects.equals(value, true) ? "false" : "true";
    }
    if (type.endsWith("double") || type.endsWith("Double")) {
      return "0.7251";
    }
    if (type.startsWith("java.util.Map")) {
      if (!type.endsWith("String>")) {
        return "{old: 3}";
      }
      return "{old: new}";
    }
    return type.endsWith("String") || type.contains("Path") ? "'{other}'" : "7";
  }
}
