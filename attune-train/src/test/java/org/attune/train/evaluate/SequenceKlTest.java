package org.attune.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.testkit.Bundled;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SequenceKlTest {
  private static final List<int[]> PROMPTS = List.of(new int[] {1, 403, 407}, new int[] {1});
  private static final List<int[]> COMPLETIONS = List.of(new int[] {261, 378}, new int[] {400});

  @Test
  void a_policy_that_is_its_reference_has_not_moved() {
    try (LanguageModel model = LanguageModel.load(Bundled.stories260k(), Head.CAUSAL, 0);
        Replica replica = model.frozenReplica(DType.FLOAT32);
        Workers workers = new Workers(2)) {
      assertThat(SequenceKl.of(replica, replica, workers, PROMPTS, COMPLETIONS)).isZero();
    }
  }

  @Test
  void is_the_mean_over_prompts_of_the_summed_log_ratios_of_completion_tokens() {
    try (LanguageModel policy = LanguageModel.load(Bundled.stories260k(), Head.CAUSAL, 0);
        LanguageModel reference = LanguageModel.fresh(Bundled.stories260k(), Head.CAUSAL, 3);
        Replica ours = policy.frozenReplica(DType.FLOAT32);
        Replica theirs = reference.frozenReplica(DType.FLOAT32);
        Workers workers = new Workers(2)) {
      double expected =
          (logRatio(ours, theirs, new int[] {1, 403, 407}, 261)
                  + logRatio(ours, theirs, new int[] {1, 403, 407, 261}, 378)
                  + logRatio(ours, theirs, new int[] {1}, 400))
              / 2;

      double kl = SequenceKl.of(ours, theirs, workers, PROMPTS, COMPLETIONS);

      Tolerance.LOGITS.check("KL", kl, expected);
    }
  }

  @Test
  void many_sequences_come_to_the_same_on_any_number_of_workers() {
    List<int[]> prompts = new ArrayList<>();
    List<int[]> completions = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      prompts.add(new int[] {1, 300 + i});
      completions.add(new int[] {400 - i, 7});
    }
    try (LanguageModel policy = LanguageModel.load(Bundled.stories260k(), Head.CAUSAL, 0);
        LanguageModel reference = LanguageModel.fresh(Bundled.stories260k(), Head.CAUSAL, 3);
        Replica ours = policy.frozenReplica(DType.FLOAT32);
        Replica theirs = reference.frozenReplica(DType.FLOAT32);
        Workers one = new Workers(1);
        Workers three = new Workers(3)) {
      Tolerance.FLOAT32.check(
          "KL",
          SequenceKl.of(ours, theirs, three, prompts, completions),
          SequenceKl.of(ours, theirs, one, prompts, completions));
    }
  }

  @Test
  void a_prompt_without_completion_is_an_error() {
    try (LanguageModel model = LanguageModel.load(Bundled.stories260k(), Head.CAUSAL, 0);
        Replica replica = model.frozenReplica(DType.FLOAT32);
        Workers workers = new Workers(1)) {
      assertThatThrownBy(
              () -> SequenceKl.of(replica, replica, workers, PROMPTS, List.of(new int[] {261})))
          .hasMessageContaining("1 completions")
          .hasMessageContaining("2 prompts");
    }
  }

  private static double logRatio(Replica ours, Replica theirs, int[] before, int next) {
    return logProb(ours, before, next) - logProb(theirs, before, next);
  }

  private static double logProb(Replica model, int[] before, int next) {
    return GradientMode.without(
        () ->
            TensorScope.with(
                () ->
                    (double)
                        model
                            .logits(model.hidden(TokenBatch.of(List.of(before))))
                            .select(0, before.length - 1)
                            .logSoftmax()
                            .toFloats()[next]));
  }
}
