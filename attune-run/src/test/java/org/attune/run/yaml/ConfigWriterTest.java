package org.attune.run.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.attune.run.ComputeDtype;
import org.attune.run.RunConfig;
import org.attune.run.ScheduleType;
import org.attune.run.ppo.KlPenalty;
import org.attune.run.ppo.PpoConfig;
import org.attune.run.reward.Encoding;
import org.attune.run.reward.RewardConfig;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigWriterTest {
  private static final SftConfig SFT =
      SftConfig.builder()
          .runDir(Path.of("runs/a"))
          .model("bundled/stories260k")
          .data(d -> d.train(Path.of("rows.jsonl"), Path.of("more rows.jsonl")))
          .build();

  @SuppressWarnings("unchecked")
  private static <C extends RunConfig> C readBack(C config) {
    return (C) ConfigReader.parse(ConfigWriter.write(config), "x", config.getClass(), List.of());
  }

  @Test
  void spells_out_every_default_in_a_fixed_order() {
    assertThat(ConfigWriter.write(SFT))
        .isEqualTo(
            """
            schema-version: 1
            run-dir: runs/a
            model: bundled/stories260k
            tokenizer: null

            data:
              train:
                - rows.jsonl
                - "more rows.jsonl"
              eval: []
              eval-share: 0.0
              format-template: null
              text-field: text
              columns: {}

            training:
              epochs: 3.0
              max-steps: null
              batch-size: 8
              gradient-accumulation-steps: 1
              max-grad-norm: 1.0
              logging-steps: 10
              eval-steps: null
              save-steps: 500
              save-total-limit: null
              seed: 42
              replicas: null
              compute-dtype: auto
              shuffle: true
              drop-last: false
              parity: false
              router-aux-loss-coefficient: null
              dropout: null

            optimizer:
              type: adamw
              learning-rate: 2.0e-5
              weight-decay: 0.0
              beta1: 0.9
              beta2: 0.999
              epsilon: 1.0e-8

            schedule:
              type: linear
              warmup-steps: 0
              warmup-ratio: 0.0
              min-learning-rate-ratio: 0.0
              cycles: 0.5
              power: 1.0
              decay-end: 1.0e-7

            lora:
              r: null
              alpha: 8.0
              dropout: 0.0
              target-modules: []
              target-pattern: null
              exclude-modules: []
              layers-to-transform: []
              layers-pattern: []
              rank-pattern: {}
              alpha-pattern: {}
              rslora: false
              dora: false
              bias: none
              modules-to-save: []
              init: kaiming
              quantize: null

            sft:
              max-length: 1024
              packing: none
              completion-only-loss: null
              assistant-only-loss: false
              append-eos: true
            """);
  }

  @Test
  void writes_what_reads_back_equal() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("No", "1");
    columns.put("a: b", "#c");
    SftConfig sft =
        SFT.toBuilder()
            .tokenizer("null")
            .data(
                d ->
                    d.formatTemplate("\u2028Q: {q}\r\n\t\"A\\\": {a} 😀\u0085\uFEFF ")
                        .columns(columns))
            .training(t -> t.maxSteps(7).seed(Long.MIN_VALUE).computeDtype(ComputeDtype.BF16))
            .optimizer(o -> o.learningRate(Double.MIN_VALUE))
            .schedule(s -> s.type(ScheduleType.INVERSE_SQRT).power(1e300))
            .packing(Packing.WRAPPED)
            .completionOnlyLoss(false)
            .build();
    RewardConfig reward =
        RewardConfig.builder()
            .runDir(Path.of("r"))
            .model("m")
            .data(d -> d.train(Path.of("pairs.csv")))
            .encoding(Encoding.CONCATENATE)
            .centerRewardsCoefficient(0.01)
            .build();
    PpoConfig ppo =
        PpoConfig.builder()
            .runDir(Path.of("p"))
            .model("m")
            .data(d -> d.train(Path.of("prompts.txt")))
            .rewardModel("r")
            .klPenalty(KlPenalty.FULL)
            .scoreClip(3.5)
            .rewardMean(-0.25)
            .rewardStd(1.5)
            .missingEosPenalty(1.0)
            .minNewTokens(4)
            .maxPromptLength(64)
            .build();

    assertThat(readBack(sft)).isEqualTo(sft);
    assertThat(readBack(reward)).isEqualTo(reward);
    assertThat(readBack(ppo)).isEqualTo(ppo);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "~",
        "null",
        "true",
        "No",
        "1e-4",
        "0x1F",
        "-",
        "- a",
        "a: b",
        "a #b",
        "#",
        "'",
        "\"",
        "\\",
        "[",
        "{a}",
        "*x",
        "&x",
        "!t",
        "|",
        ">",
        "%",
        "@",
        "`",
        "?",
        ",",
        ".",
        "..",
        " lead",
        "trail ",
        "2026-11-22",
        "日本語",
        "\u202Eabc",
        "\u0001",
        "👩‍👩‍👧",
        ".inf",
        "=",
        "<<"
      })
  void keeps_any_text_as_it_is(String text) {
    assertThat(readBack(SFT.toBuilder().model(text).tokenizer(text).build()).tokenizer())
        .isEqualTo(text);
  }

  @Test
  void keeps_random_texts_and_numbers() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 500; i++) {
      var text = new StringBuilder("x");
      for (int j = random.nextInt(12); j > 0; j--) {
        int c = random.nextBoolean() ? random.nextInt(0x100) : random.nextInt(0x110000);
        text.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? ' ' : c);
      }
      double rate = Math.exp(random.nextDouble(-700, 700));
      SftConfig config =
          SFT.toBuilder().model(text.toString()).optimizer(o -> o.learningRate(rate)).build();

      assertThat(readBack(config)).isEqualTo(config);
    }
  }

  @Test
  void difference_names_the_changed_keys_with_both_values() {
    SftConfig changed =
        SFT.toBuilder()
            .data(d -> d.train(Path.of("other.jsonl")))
            .training(t -> t.maxSteps(10))
            .optimizer(o -> o.learningRate(1e-3))
            .build();

    assertThat(ConfigDifference.between(SFT, SFT)).isEmpty();
    assertThat(ConfigDifference.between(SFT, changed))
        .extracting(ConfigDifference::toString)
        .containsExactly(
            "data.train: [rows.jsonl, \"more rows.jsonl\"] → [other.jsonl]",
            "training.max-steps: null → 10",
            "optimizer.learning-rate: 2.0e-5 → 0.001");
  }
}
