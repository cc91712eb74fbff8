package org.attune.run.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.attune.run.ComputeDtype;
import org.attune.run.InvalidConfigurationException;
import org.attune.run.OptimizerType;
import org.attune.run.ScheduleType;
import org.attune.run.ppo.KlControl;
import org.attune.run.ppo.PpoConfig;
import org.attune.run.reward.Encoding;
import org.attune.run.reward.RewardConfig;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigReaderTest {
  private static final String SMALLEST =
      "run-dir: runs/a\nmodel: bundled/stories260k\ndata: {train: rows.jsonl}\n";

  private static SftConfig sft(String yaml, String... overrides) {
    return ConfigReader.parse(yaml, "run.yaml", SftConfig.class, List.of(overrides));
  }

  private static List<String> problems(String yaml, String... overrides) {
    var e = catchThrowableOfType(InvalidConfigurationException.class, () -> sft(yaml, overrides));
    return e.problems().stream().map(Object::toString).toList();
  }

  @Nested
  class A_valid_file {

    @Test
    void leaves_defaults_where_it_says_nothing() {
      SftConfig config = sft(SMALLEST);

      assertThat(config)
          .isEqualTo(
              SftConfig.builder()
                  .runDir(Path.of("runs/a"))
                  .model("bundled/stories260k")
                  .data(d -> d.train(Path.of("rows.jsonl")))
                  .build());
    }

    @Test
    void sets_every_kind_of_value() {
      SftConfig config =
          sft(
              """
              schema-version: 1
              run-dir: "läufe/ä b"
              model: 5
              tokenizer: ~
              data:
                train: [a.jsonl, 'b.jsonl']
                eval-share: 0.05
                format-template: |
                  Q: {question}
                  A: {answer}
                columns: {frage: question, antwort: answer}
              training: {epochs: 2, max-steps: 1_000, seed: 9223372036854775807, compute-dtype: FP32, shuffle: false}
              optimizer: {learning-rate: 1e-4, epsilon: .5E-8}
              schedule: {type: cosine-with-min-lr, warmup-ratio: 0.1}
              sft: {packing: bfd, completion-only-loss: true}
              """);

      assertThat(config.runDir()).isEqualTo(Path.of("läufe/ä b"));
      assertThat(config.model()).isEqualTo("5");
      assertThat(config.tokenizer()).isNull();
      assertThat(config.data().train()).containsExactly(Path.of("a.jsonl"), Path.of("b.jsonl"));
      assertThat(config.data().formatTemplate()).isEqualTo("Q: {question}\nA: {answer}\n");
      assertThat(config.data().columns())
          .isEqualTo(Map.of("frage", "question", "antwort", "answer"));
      assertThat(config.training().epochs()).isEqualTo(2);
      assertThat(config.training().maxSteps()).isEqualTo(1000);
      assertThat(config.training().seed()).isEqualTo(Long.MAX_VALUE);
      assertThat(config.training().computeDtype()).isEqualTo(ComputeDtype.FP32);
      assertThat(config.training().shuffle()).isFalse();
      assertThat(config.optimizer().learningRate()).isEqualTo(1e-4);
      assertThat(config.optimizer().epsilon()).isEqualTo(0.5e-8);
      assertThat(config.schedule().type()).isEqualTo(ScheduleType.COSINE_WITH_MIN_LR);
      assertThat(config.packing()).isEqualTo(Packing.BFD);
      assertThat(config.completionOnlyLoss()).isTrue();
    }

    @Test
    void of_a_reward_model_or_of_PPO_starts_at_their_own_defaults() {
      RewardConfig reward =
          ConfigReader.parse(
              SMALLEST + "reward: {encoding: pair}", "r.yaml", RewardConfig.class, List.of());
      PpoConfig ppo =
          ConfigReader.parse(
              SMALLEST + "optimizer: {beta2: 0.95}\nppo: {reward-model: r, kl-control: fixed}",
              "p.yaml",
              PpoConfig.class,
              List.of());

      assertThat(reward.encoding()).isEqualTo(Encoding.PAIR);
      assertThat(reward.optimizer().learningRate()).isEqualTo(1e-4);
      assertThat(ppo.klControl()).isEqualTo(KlControl.FIXED);
      assertThat(ppo.optimizer().type()).isEqualTo(OptimizerType.ADAM);
      assertThat(ppo.optimizer().learningRate()).isEqualTo(1.41e-5);
      assertThat(ppo.optimizer().beta2()).isEqualTo(0.95);
    }

    @Test
    void may_start_with_a_byte_order_mark_and_have_empty_sections_and_windows_line_ends() {
      assertThat(sft("\uFEFF" + SMALLEST.replace("\n", "\r\n") + "training:\r\n"))
          .isEqualTo(sft(SMALLEST));
    }

    @Test
    void may_share_values_by_anchors() {
      assertThat(sft("run-dir: &x a\nmodel: *x\ndata: {train: t}").model()).isEqualTo("a");
    }
  }

  @Nested
  class Overrides {

    @Test
    void replace_values_of_the_file() {
      SftConfig config =
          sft(
              SMALLEST + "training: {max-steps: 5}",
              "training.max-steps=null",
              "sft.packing=wrapped",
              "data.train=[x, y]",
              "optimizer.learning-rate=3e-4",
              "tokenizer=");

      assertThat(config.training().maxSteps()).isNull();
      assertThat(config.packing()).isEqualTo(Packing.WRAPPED);
      assertThat(config.data().train()).containsExactly(Path.of("x"), Path.of("y"));
      assertThat(config.optimizer().learningRate()).isEqualTo(3e-4);
      assertThat(config.tokenizer()).isNull();
    }

    @Test
    void are_named_in_problems() {
      assertThat(
              problems(
                  SMALLEST,
                  "training.batch-size=-1",
                  "training.batchsize=1",
                  "training=1",
                  "model",
                  "tokenizer=[",
                  "model=#x"))
          .containsExactlyInAnyOrder(
              "--set: training.batch-size must be > 0 but was -1. 8 is usual.",
              "--set: training.batchsize is not a known key. Did you mean training.batch-size?",
              "--set: training is a section. Set one of its keys: training.key=value.",
              "--set: model has no value. Write --set model=value.",
              "--set: tokenizer must be a YAML value but was [. Quote it for YAML inside the"
                  + " shell's quotes: 'tokenizer=\"…\"'.",
              "--set: model must be a YAML value but was #x. Quote it for YAML inside the shell's"
                  + " quotes: 'model=\"…\"'.");
    }
  }

  @Nested
  class Problems {

    @Test
    void are_reported_all_at_once_in_the_order_of_the_file() {
      assertThat(
              problems(
                  """
                  model: m
                  training:
                    batch_size: 4
                    max-steps: many
                    epochs: -1
                  optimiser: {}
                  optimizer:
                    learning-rate: "1e-4"
                    beta1: 1.5e0
                  sft:
                    packing: tight
                    packing: bfd
                    append-eos: yes
                  learning-rate: 1
                  """))
          .containsExactly(
              "run.yaml:3:3: training.batch_size is not a known key. Did you mean"
                  + " training.batch-size?",
              "run.yaml:4:14: training.max-steps must be a whole number but was many. Write it"
                  + " like 8, without a point.",
              "run.yaml:5:11: training.epochs must be > 0 but was -1. Use 1 to 5, or set"
                  + " training.max-steps.",
              "run.yaml:6:1: optimiser is not a known key. Did you mean optimizer?",
              "run.yaml:8:18: optimizer.learning-rate must be a number but was \"1e-4\". Remove the"
                  + " quotes.",
              "run.yaml:9:10: optimizer.beta1 must be in [0, 1) but was 1.5e0. 0.9 is usual.",
              "run.yaml:11:12: sft.packing must be one of none, bfd, wrapped but was tight. Choose"
                  + " one of them; case does not matter.",
              "run.yaml:12:3: sft.packing is given twice. Keep one of the two.",
              "run.yaml:13:15: sft.append-eos must be true or false but was yes. Write true or"
                  + " false.",
              "run.yaml:14:1: learning-rate is not a known key. Did you mean"
                  + " optimizer.learning-rate?",
              "run.yaml: data.train is missing. Name one or more files, such as data/train.jsonl.",
              "run.yaml: run-dir is missing. Name the run's folder, such as runs/first.");
    }

    @Test
    void are_counted_in_the_message() {
      assertThatThrownBy(() -> sft("model: m\ndata: {train: a}"))
          .hasMessage(
              """
              1 problem in the configuration:
                run.yaml: run-dir is missing. Name the run's folder, such as runs/first.""");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "training: {max-steps: 8.0}          | a whole number",
          "training: {max-steps: 1e3}          | a whole number",
          "training: {max-steps: 3000000000}   | at most 2147483647",
          "training: {max-steps: [8]}          | a whole number but was a list",
          "training: {seed: 9223372036854775808} | at most 9223372036854775807",
          "training: {batch-size: null}        | must have a value",
          "training: {epochs: .nan}            | a number",
          "training: {epochs: 0x10}            | a number",
          "training: {epochs: 1e999}           | must be > 0",
          "training: {shuffle: on}             | true or false",
          "training: 5                         | must be a section but was 5",
          "training: [a]                       | must be a section but was a list",
          "tokenizer: {a: b}                   | a text but was a section",
          "tokenizer: !!javax.script.ScriptEngineManager []  | Global tag is not allowed",
          "tokenizer: !env HOME                | must not have the tag !env",
          "? [a]\\n: b                          | not a known key",
          "<<: {epochs: 1}                     | not a known key",
          "schema-version: 2                   | must be 1 but was 2",
          "zzz: 1                              | Known keys: run-dir, model, tokenizer, data,",
          "schedule: {zzzzzzzzzzzzzzzzzz: 1}   | Known keys of schedule: type, warmup-steps",
        })
    void name_the_rule(String line, String expected) {
      assertThat(problems(SMALLEST + line.replace("\\n", "\n")))
          .singleElement()
          .asString()
          .contains("run.yaml:4:")
          .contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: {train: []}", "data: {train: ~}", "data:", ""})
    void include_missing_data(String data) {
      assertThat(problems("run-dir: a\nmodel: m\n" + data))
          .anyMatch(problem -> problem.contains("data.train is missing"));
    }

    @Test
    void of_columns_renamed_twice_are_found() {
      assertThat(problems("run-dir: a\nmodel: m\ndata:\n  train: t\n  columns: {a: b, a: c}\n"))
          .containsExactly(
              "run.yaml:5:12: data.columns names a twice but was a section. Keep one of the two.");
    }

    @Test
    void of_a_path_with_a_null_character_are_found() {
      assertThat(problems("run-dir: \"a\\0b\"\nmodel: m\ndata: {train: t}"))
          .singleElement()
          .asString()
          .contains("run.yaml:1:10: run-dir must be a path (Nul character not allowed)");
    }

    @Test
    void show_only_the_beginning_of_a_long_value() {
      String problem = problems(SMALLEST + "sft: {packing: " + "😀".repeat(5000) + "}").get(0);

      assertThat(problem).contains("but was " + "😀".repeat(60) + "…. Choose");
    }
  }

  @Nested
  class Broken_YAML {

    @Test
    void with_tabs_names_each_line() {
      assertThat(problems("model: m\ntraining:\n\tepochs: 1\n  \tmax-steps: 2\n"))
          .containsExactly(
              "run.yaml:3:1: this line must not be indented with a tab. Use two spaces.",
              "run.yaml:4:3: this line must not be indented with a tab. Use two spaces.");
    }

    @Test
    void names_the_place_and_the_reason() {
      assertThat(problems("model: m\ntraining: {epochs: 1\n"))
          .singleElement()
          .asString()
          .startsWith("run.yaml:3:1: this place cannot be read as YAML (")
          .endsWith("Check indentation, colons, quotes and brackets here and just before.");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"- a", "just text", "\u0000", "a: \u0007", "a: *missing", "--- a\n--- b"})
    void of_other_kinds_is_one_clear_problem(String yaml) {
      assertThat(problems(yaml)).isNotEmpty().allMatch(p -> p.startsWith("run.yaml"));
    }

    @Test
    void cut_off_anywhere_is_a_configuration_or_a_listed_problem() {
      String whole = ConfigWriter.write(sft(SMALLEST + "sft: {packing: bfd}"));
      for (int length = 0; length < whole.length(); length++) {
        String torn = whole.substring(0, length);
        try {
          assertThat(sft(torn).model()).isNotBlank();
        } catch (InvalidConfigurationException e) {
          assertThat(e.problems()).isNotEmpty();
        }
      }
    }

    @Test
    void with_any_character_replaced_never_fails_otherwise() {
      String whole = ConfigWriter.write(sft(SMALLEST));
      var random = new SplittableRandom(1);
      String characters = "\t\n :{}[]#&*!|>'\"%@`-?,~0\\é😀";
      for (int i = 0; i < 2000; i++) {
        var changed = new StringBuilder(whole);
        changed.setCharAt(
            random.nextInt(whole.length()), characters.charAt(random.nextInt(characters.length())));
        try {
          assertThat(sft(changed.toString()).runDir()).isNotNull();
        } catch (InvalidConfigurationException e) {
          assertThat(e.problems()).isNotEmpty();
        }
      }
    }
  }

  @Nested
  class A_file {

    @Test
    void is_named_in_problems(@TempDir Path folder) throws IOException {
      Path file = Files.writeString(folder.resolve("läuft.yaml"), "epochs: 1");

      assertThatThrownBy(() -> ConfigReader.read(file, SftConfig.class))
          .hasMessageContaining(
              file + ":1:1: epochs is not a known key. Did you mean training.epochs?");
    }

    @Test
    void that_does_not_exist_is_named(@TempDir Path folder) {
      Path file = folder.resolve("none.yaml");

      assertThatThrownBy(() -> ConfigReader.read(file, SftConfig.class))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining(file + " does not exist. Check the path");
    }

    @Test
    void that_is_a_folder_or_no_text_is_named(@TempDir Path folder) throws IOException {
      Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, 0x00});

      assertThatThrownBy(() -> ConfigReader.read(folder, SftConfig.class))
          .hasMessageContaining("cannot be read");
      assertThatThrownBy(() -> ConfigReader.read(binary, SftConfig.class))
          .hasMessageContaining("is not UTF-8 text. Save it as UTF-8.");
    }
  }
}
