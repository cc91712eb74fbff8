package org.attune.model.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.generate.BeamSettings.EarlyStopping;
import org.attune.model.generate.Generation.FinishReason;
import org.attune.tensor.DType;
import org.attune.tensor.Workers;
import org.attune.testkit.Bundled;
import org.attune.testkit.NoTensorLeaks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoTensorLeaks.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
final class GenerationRequestTest {
  private static final SamplingConfig GREEDY =
      SamplingConfig.builder().temperature(0).maxNewTokens(24).build();
  private static final SamplingConfig SAMPLED =
      SamplingConfig.builder().seed(7).maxNewTokens(24).build();

  private LanguageModel model;
  private Replica replica;
  private Workers workers;
  private Generator generator;

  @BeforeEach
  void load() {
    model = LanguageModel.load(Bundled.stories260k());
    replica = model.frozenReplica(DType.FLOAT32);
    workers = new Workers(2);
    generator = model.generator(replica, workers);
  }

  @AfterEach
  void close() {
    workers.close();
    replica.close();
    model.close();
  }

  @Nested
  final class Samples_of_one_prompt {
    @Test
    void are_those_of_as_many_equal_prompts() {
      List<int[]> equal = Collections.nCopies(5, ids("Once upon a time"));

      List<Generation> apart = generator.generate(equal, SAMPLED, model.endIds());
      List<Generation> together =
          generator.generate(
              equal.subList(0, 1), SAMPLED.toBuilder().samplesPerPrompt(5).build(), model.endIds());

      assertThat(tokens(together)).isEqualTo(tokens(apart)).doesNotHaveDuplicates();
    }

    @Test
    void follow_those_of_the_prompt_before() {
      List<int[]> prompts = List.of(ids("Once upon a time"), ids("Lily"));
      SamplingConfig pairs = SAMPLED.toBuilder().samplesPerPrompt(2).build();

      List<Generation> all = generator.generate(prompts, pairs, model.endIds());

      List<int[]> repeated =
          List.of(prompts.get(0), prompts.get(0), prompts.get(1), prompts.get(1));
      assertThat(tokens(all))
          .isEqualTo(tokens(generator.generate(repeated, SAMPLED, model.endIds())));
    }
  }

  @Nested
  final class Requests_of_different_kind {
    @Test
    void are_answered_together_as_each_is_alone() {
      List<GenerationRequest> requests =
          List.of(
              request("Once upon a time", GREEDY),
              request("Lily", SAMPLED),
              request("The dog", SAMPLED.toBuilder().seed(8).topK(5).samplesPerPrompt(3).build()),
              request("One day", GREEDY.toBuilder().beams(4).samplesPerPrompt(2).build()),
              request("Tom and", SAMPLED.toBuilder().maxNewTokens(3).build()));

      List<List<Generation>> together = generator.generate(requests);

      for (int i = 0; i < requests.size(); i++) {
        List<Generation> alone = generator.generate(List.of(requests.get(i))).get(0);
        assertThat(tokens(together.get(i))).as("request %d", i).isEqualTo(tokens(alone));
      }
      assertThat(together).extracting(List::size).containsExactly(1, 1, 3, 2, 1);
    }

    @Test
    void draw_by_their_own_seed_wherever_they_stand() {
      GenerationRequest seven = request("Lily", SAMPLED);
      GenerationRequest eight = request("Lily", SAMPLED.toBuilder().seed(8).build());

      List<List<Generation>> all = generator.generate(List.of(seven, eight, seven));

      assertThat(tokens(all.get(0))).isEqualTo(tokens(all.get(2))).isNotEqualTo(tokens(all.get(1)));
    }

    @Test
    void may_be_none() {
      assertThat(generator.generate(List.of())).isEmpty();
    }
  }

  @Nested
  final class A_listener {
    @Test
    void hears_every_token_and_the_text_in_pieces() {
      Heard heard = new Heard(Integer.MAX_VALUE);

      Generation written = generate("Once upon a time", GREEDY, heard);

      assertThat(heard.tokens).containsExactlyElementsOf(list(written));
      assertThat(heard.text)
          .hasToString(model.tokenizer().continuation(ids("Once upon a time"), written.tokens()));
      assertThat(heard.pieces).isGreaterThan(10);
    }

    @Test
    void ends_a_sample_by_wanting_no_more() {
      Heard heard = new Heard(5);

      Generation written = generate("Once upon a time", GREEDY, heard);

      assertThat(written.reason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(written.tokens()).hasSize(5);
      assertThat(heard.text)
          .hasToString(model.tokenizer().continuation(ids("Once upon a time"), written.tokens()));
    }

    @Test
    void of_a_beam_search_hears_the_results_at_the_end() {
      Heard heard = new Heard(Integer.MAX_VALUE);

      Generation written = generate("One day", GREEDY.toBuilder().beams(3).build(), heard);

      assertThat(heard.tokens).containsExactlyElementsOf(list(written));
      assertThat(heard.text)
          .hasToString(model.tokenizer().continuation(ids("One day"), written.tokens()));
    }
  }

  @Nested
  final class A_stop_string {
    private final SamplingConfig stopped =
        GREEDY.toBuilder().stopStrings(List.of("little girl")).build();

    @Test
    void ends_the_tokens_behind_itself_and_the_text_before() {
      Heard heard = new Heard(Integer.MAX_VALUE);

      Generation written = generate("Once upon a time", stopped, heard);

      assertThat(written.reason()).isEqualTo(FinishReason.STOP);
      assertThat(model.tokenizer().continuation(ids("Once upon a time"), written.tokens()))
          .isEqualTo(", there was a little girl");
      assertThat(heard.text).hasToString(", there was a ");
    }

    @Test
    void works_without_a_listener_and_in_beams() {
      List<int[]> prompts = List.of(ids("Once upon a time"));

      Generation sampled = generator.generate(prompts, stopped, Set.of()).get(0);
      Generation beam =
          generator.generate(prompts, stopped.toBuilder().beams(3).build(), Set.of()).get(0);

      assertThat(sampled.reason()).isEqualTo(FinishReason.STOP);
      assertThat(model.tokenizer().continuation(prompts.get(0), beam.tokens()))
          .endsWith("little girl");
    }
  }

  @Nested
  final class Beams {
    @Test
    void of_one_are_greedy() {
      List<int[]> prompts = List.of(ids("Once upon a time"), ids("Lily"));

      assertThat(tokens(generator.generate(prompts, GREEDY, model.endIds())))
          .isEqualTo(
              tokens(
                  generator.generate(
                      prompts, GREEDY.toBuilder().beams(1).build(), model.endIds())));
    }

    @Test
    void that_are_drawn_depend_on_the_seed_alone() {
      SamplingConfig drawn =
          SAMPLED.toBuilder()
              .beams(3)
              .samplesPerPrompt(3)
              .topP(0.9)
              .earlyStopping(EarlyStopping.YES)
              .build();
      GenerationRequest request = request("Lily", drawn);

      List<Generation> first = generator.generate(List.of(request)).get(0);
      List<Generation> same = generator.generate(List.of(request("Tom", drawn), request)).get(1);
      List<Generation> other =
          generator.generate(List.of(request("Lily", drawn.toBuilder().seed(1).build()))).get(0);

      assertThat(tokens(same)).isEqualTo(tokens(first)).doesNotHaveDuplicates();
      assertThat(tokens(other)).isNotEqualTo(tokens(first));
      assertThat(first.stream().map(each -> each.score().orElseThrow()))
          .isSortedAccordingTo(Collections.reverseOrder());
    }
  }

  @Test
  void a_prompt_over_its_own_limit_is_refused() {
    SamplingConfig limited = GREEDY.toBuilder().maxLength(3).build();

    assertThatThrownBy(() -> generator.generate(List.of(request("Once upon a time", limited))))
        .isInstanceOf(PromptTooLongException.class)
        .hasMessageContainingAll("Prompt 1 has 5 tokens", "max-length is 3", "max-new-tokens");
  }

  private static final class Heard implements GenerationListener {
    private final int wanted;
    private final List<Integer> tokens = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int pieces;

    Heard(int wanted) {
      this.wanted = wanted;
    }

    @Override
    public boolean onToken(int sample, int token) {
      tokens.add(token);
      return tokens.size() < wanted;
    }

    @Override
    public void onText(int sample, String piece) {
      text.append(piece);
      pieces++;
    }
  }

  private Generation generate(String prompt, SamplingConfig config, GenerationListener listener) {
    return generator
        .generate(List.of(request(prompt, config).listenedToBy(listener)))
        .get(0)
        .get(0);
  }

  private GenerationRequest request(String prompt, SamplingConfig config) {
    return new GenerationRequest(ids(prompt), config, model.endIds());
  }

  private int[] ids(String text) {
    return model.tokenizer().encode(text);
  }

  private static List<List<Integer>> tokens(List<Generation> generations) {
    return generations.stream().map(GenerationRequestTest::list).toList();
  }

  private static List<Integer> list(Generation generation) {
    return Arrays.stream(generation.tokens()).boxed().toList();
  }
}
