package org.attune.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.generate.logits.TokenHistory;
import org.attune.testkit.Goldens;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every key of {@code generation_config.json} does to logits what it does in transformers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class LogitsRulesTest {
  private static final Goldens GOLDEN = Goldens.open("generation-rules");
  private static final int ANY_LENGTH = 100;

  @TestFactory
  List<DynamicTest> rules_alone_and_together_are_those_of_the_original() {
    int promptTokens = GOLDEN.values().get("prompt_tokens").asInt();
    return tests("cases", "scores.", promptTokens, Integer.MAX_VALUE);
  }

  @TestFactory
  List<DynamicTest> rules_of_the_first_token_are_those_of_the_original() {
    return tests("first", "first.", 1, 1);
  }

  private static List<DynamicTest> tests(
      String cases, String prefix, int promptTokens, int historyTokens) {
    List<DynamicTest> tests = new ArrayList<>();
    GOLDEN
        .values()
        .get(cases)
        .properties()
        .forEach(
            entry ->
                tests.add(
                    DynamicTest.dynamicTest(
                        entry.getKey(), () -> check(entry, prefix, promptTokens, historyTokens))));
    assertThat(tests).isNotEmpty();
    return tests;
  }

  private static void check(
      Map.Entry<String, JsonNode> rules, String prefix, int promptTokens, int historyTokens)
      throws Exception {
    byte[] json = new ObjectMapper().writeValueAsBytes(rules.getValue());
    SamplingConfig config =
        GenerationKeys.read(ConfigJson.parse(Path.of("generation_config.json"), json)).build();
    try (SafetensorsFile tensors = SafetensorsFile.open(GOLDEN.tensors())) {
      float[] logits = floats(tensors, "logits");
      float[] expected = floats(tensors, prefix + rules.getKey());
      int vocabulary = logits.length / GOLDEN.values().get("ids").size();
      LogitsRules applied = new LogitsRules(config, endIds(), vocabulary);

      for (int row = 0; row < expected.length / vocabulary; row++) {
        float[] actual = Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary);
        applied.processAll(actual, history(config, row, promptTokens, historyTokens));

        Tolerance.LOGITS.check(
            rules.getKey() + " of row " + row,
            actual,
            Arrays.copyOfRange(expected, row * vocabulary, (row + 1) * vocabulary));
      }
    }
  }

  private static TokenHistory history(
      SamplingConfig config, int row, int promptTokens, int historyTokens) {
    JsonNode ids = GOLDEN.values().get("ids").get(row);
    int[] prompt = new int[promptTokens];
    Arrays.setAll(prompt, i -> ids.get(i).asInt());
    int maxLength = config.lengths().maxLength() == 0 ? ANY_LENGTH : config.lengths().maxLength();
    TokenHistory history = new TokenHistory(prompt, maxLength);
    for (int i = promptTokens; i < Math.min(ids.size(), historyTokens); i++) {
      history.add(ids.get(i).asInt());
    }
    return history;
  }

  private static Set<Integer> endIds() {
    return Arrays.stream(GOLDEN.numbers("/eos_token_id"))
        .mapToObj(id -> (int) id)
        .collect(Collectors.toSet());
  }

  @Test
  void presence_and_frequency_count_written_tokens_only() {
    SamplingConfig config =
        SamplingConfig.builder().presencePenalty(0.5).frequencyPenalty(0.25).build();
    TokenHistory history = new TokenHistory(new int[] {0, 0, 1}, ANY_LENGTH);
    for (int token : new int[] {1, 2, 2, 2, 7}) {
      history.add(token);
    }
    float[] logits = {1, 1, 1, 1};

    new LogitsRules(config, Set.of(), 4).processAll(logits, history);

    // 1 - .5 - .25; 1 - .5 - 3 * .25; token 7 has no logit
    assertThat(logits).containsExactly(1, 0.25f, -0.25f, 1);
  }

  private static float[] floats(SafetensorsFile file, String name) {
    FloatBuffer buffer = FloatBuffer.allocate((int) file.info(name).elements());
    file.readFloats(name, buffer);
    return buffer.array();
  }
}
