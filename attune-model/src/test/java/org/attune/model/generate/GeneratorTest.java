package org.attune.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.DType;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
  private static final String WIDE_MODEL =
      """
      {"model_type": "gpt2", "vocab_size": 1000, "n_positions": 64, "n_embd": 512, "n_layer": 2,
       "n_head": 8}
      """;
  private static final SamplingConfig GREEDY =
      SamplingConfig.builder().temperature(0).maxNewTokens(32).build();
  private static final SamplingConfig SAMPLED =
      SamplingConfig.builder().temperature(1).seed(7).maxNewTokens(32).build();

  private LanguageModel model;
  private Replica replica;

  @BeforeEach
  void load() {
    model = LanguageModel.load(Bundled.stories260k());
    replica = model.frozenReplica(DType.FLOAT32);
  }

  @AfterEach
  void close() {
    replica.close();
    model.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"llama-stories260k", "llama-random", "llama-random-biased", "gpt2-random"})
  void greedy_tokens_are_those_of_the_original(String name) {
    JsonNode greedy = Goldens.open(name).values().get("greedy");
    var directory =
        name.equals("llama-stories260k")
            ? Bundled.stories260k()
            : Goldens.open(name).tensors().resolveSibling("model");
    try (LanguageModel golden = LanguageModel.load(directory);
        Replica frozen = golden.frozenReplica(DType.FLOAT32);
        Workers workers = new Workers(1)) {
      SamplingConfig config =
          GREEDY.toBuilder().maxNewTokens(greedy.get("max_new_tokens").asInt()).build();
      Set<Integer> endIds = Set.copyOf(list(greedy.get("eos_token_id")));

      List<Generation> generations =
          golden
              .generator(frozen, workers)
              .generate(List.of(ints(greedy.get("prompt_ids"))), config, endIds);

      assertThat(generations.get(0).tokens()).containsExactly(ints(greedy.get("new_ids")));
    }
  }

  @Test
  void prompts_of_different_length_continue_as_each_does_alone() {
    List<int[]> prompts =
        List.of(
            model.tokenizer().encode("Once upon a time"),
            model.tokenizer().encode("Lily"),
            model.tokenizer().encode("One day, a big dog ran to the park because it was happy"));
    try (Workers workers = new Workers(1)) {
      Generator generator = model.generator(replica, workers);

      List<Generation> together = generator.generate(prompts, GREEDY, model.endIds());

      for (int i = 0; i < prompts.size(); i++) {
        Generation alone =
            generator.generate(List.of(prompts.get(i)), GREEDY, model.endIds()).get(0);
        assertThat(together.get(i).tokens()).containsExactly(alone.tokens());
      }
    }
  }

  @Test
  void a_model_that_workers_read_together_writes_the_same_alone_and_among_others(
      @TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("config.json"), WIDE_MODEL);
    List<int[]> prompts = List.of(new int[] {5, 6, 7}, new int[] {9}, new int[] {1, 2, 3, 4, 5});
    try (LanguageModel wide = LanguageModel.fresh(directory, Head.CAUSAL, 1);
        Replica frozen = wide.frozenReplica(DType.FLOAT32);
        Workers one = new Workers(1);
        Workers three = new Workers(3)) {
      List<int[]> together = tokens(wide.generator(frozen, three), prompts, SAMPLED);

      assertThat(tokens(wide.generator(frozen, one), prompts, SAMPLED))
          .usingRecursiveComparison()
          .isEqualTo(together);
      assertThat(tokens(wide.generator(frozen, three), prompts.subList(0, 1), SAMPLED).get(0))
          .isEqualTo(together.get(0));
    }
  }

  private static List<int[]> tokens(
      Generator generator, List<int[]> prompts, SamplingConfig config) {
    return generator.generate(prompts, config, Set.of()).stream().map(Generation::tokens).toList();
  }

  @Test
  void samples_depend_on_the_seed_and_not_on_the_number_of_workers() {
    List<int[]> prompts = Collections.nCopies(9, model.tokenizer().encode("Once upon a time"));
    try (Workers one = new Workers(1);
        Workers two = new Workers(2)) {
      List<Generation> first =
          model.generator(replica, one).generate(prompts, SAMPLED, model.endIds());
      List<Generation> same =
          model.generator(replica, two).generate(prompts, SAMPLED, model.endIds());
      List<Generation> other =
          model
              .generator(replica, one)
              .generate(prompts, SAMPLED.toBuilder().seed(8).build(), model.endIds());

      assertThat(texts(same)).isEqualTo(texts(first));
      assertThat(texts(other)).isNotEqualTo(texts(first));
      assertThat(texts(first)).doesNotHaveDuplicates();
    }
  }

  @Test
  void ends_at_an_ending_token_and_at_the_cap() {
    try (Workers workers = new Workers(1)) {
      Generator generator = model.generator(replica, workers);
      int[] prompt = model.tokenizer().encode("Once upon a time");
      int[] greedy = generator.generate(List.of(prompt), GREEDY, Set.of()).get(0).tokens();

      Generation ended = generator.generate(List.of(prompt), GREEDY, Set.of(greedy[3])).get(0);
      Generation capped = generator.generate(List.of(prompt), GREEDY, Set.of()).get(0);

      assertThat(ended.ended()).isTrue();
      assertThat(ended.tokens()).hasSizeLessThanOrEqualTo(4).endsWith(greedy[3]);
      assertThat(capped.ended()).isFalse();
      assertThat(capped.tokens()).hasSize(32);
    }
  }

  @Test
  void a_long_continuation_outgrows_the_first_room_of_the_cache() {
    int[] prompt = model.tokenizer().encode("Once upon a time");
    SamplingConfig longer = GREEDY.toBuilder().maxNewTokens(400).build();
    try (Workers workers = new Workers(1);
        TensorScope scope = TensorScope.open()) {
      int[] written =
          model
              .generator(replica, workers)
              .generate(List.of(prompt), longer, Set.of())
              .get(0)
              .tokens();

      int[] all = Arrays.copyOf(prompt, prompt.length + written.length);
      System.arraycopy(written, 0, all, prompt.length, written.length);
      long[] likeliest =
          replica.logits(replica.hidden(TokenBatch.of(List.of(all)))).argmaxOfLast().toLongs();
      assertThat(Arrays.stream(written).asLongStream())
          .hasSize(400)
          .containsExactlyElementsOf(
              Arrays.stream(likeliest, prompt.length - 1, all.length - 1).boxed().toList());
    }
  }

  @Test
  void a_prompt_that_fills_the_context_is_refused() {
    try (Workers workers = new Workers(1)) {
      assertThatThrownBy(
              () ->
                  model
                      .generator(replica, workers)
                      .generate(List.of(new int[] {1}, new int[512]), GREEDY, Set.of()))
          .isInstanceOf(PromptTooLongException.class)
          .hasMessageContaining("Prompt 2 has 512 tokens")
          .hasMessageContaining("holds 512");
    }
  }

  private static List<List<Integer>> texts(List<Generation> generations) {
    return generations.stream().map(g -> Arrays.stream(g.tokens()).boxed().toList()).toList();
  }

  private static int[] ints(JsonNode array) {
    return list(array).stream().mapToInt(Integer::intValue).toArray();
  }

  private static List<Integer> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asInt).toList();
  }
}
