package org.attune.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.tensor.DType;
import org.attune.tensor.Workers;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.attune.testkit.NoTensorLeaks;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Greedy and beam search write what transformers writes, for prompts of different length. */
@ExtendWith(NoTensorLeaks.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
final class SearchParityTest {
  private static final Goldens GOLDEN = Goldens.open("generation-search");

  @ParameterizedTest
  @ValueSource(strings = {"llama-stories260k", "llama-random", "gpt2-random"})
  void tokens_and_scores_are_those_of_the_original(String name) throws Exception {
    JsonNode golden = GOLDEN.values().get(name);
    List<int[]> prompts = lists(golden.get("prompts"));
    Set<Integer> endIds = new HashSet<>();
    golden.get("eos_token_id").forEach(id -> endIds.add(id.asInt()));
    try (LanguageModel model = LanguageModel.load(directory(name));
        Replica replica = model.frozenReplica(DType.FLOAT32);
        Workers workers = new Workers(2)) {
      Generator generator = model.generator(replica, workers);
      for (var search : GOLDEN.values().get("searches").properties()) {
        JsonNode expected = golden.get("results").get(search.getKey());

        List<Generation> actual = generator.generate(prompts, config(search.getValue()), endIds);

        assertThat(actual.stream().map(Generation::tokens))
            .as(search.getKey())
            .containsExactlyElementsOf(lists(expected.get("new_ids")));
        if (expected.has("scores")) {
          Tolerance.GRADIENTS.check(
              search.getKey() + " scores",
              actual.stream().mapToDouble(each -> each.score().orElseThrow()).toArray(),
              numbers(expected.get("scores")));
        }
      }
    }
  }

  private static SamplingConfig config(JsonNode keys) throws Exception {
    byte[] json = new ObjectMapper().writeValueAsBytes(keys);
    return GenerationKeys.read(ConfigJson.parse(Path.of("generation_config.json"), json))
        .maxNewTokens(GOLDEN.values().get("max_new_tokens").asInt())
        .build();
  }

  private static Path directory(String name) {
    return name.equals("llama-stories260k")
        ? Bundled.stories260k()
        : Goldens.open(name).tensors().resolveSibling("model");
  }

  private static List<int[]> lists(JsonNode lists) {
    List<int[]> all = new ArrayList<>();
    lists.forEach(
        list ->
            all.add(
                StreamSupport.stream(list.spliterator(), false)
                    .mapToInt(JsonNode::asInt)
                    .toArray()));
    return all;
  }

  private static double[] numbers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
