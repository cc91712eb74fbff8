package org.attune.feedback.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attune.data.Dataset;
import org.attune.data.Row;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.IntegerMetadataProperty;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.template.FeedbackTemplates;
import org.attune.feedback.unify.LabelStrategy;
import org.attune.feedback.unify.RankingStrategy;
import org.attune.feedback.unify.RatingStrategy;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TrainingTaskTest {

  private static List<Map<String, Object>> rows(Dataset dataset) {
    return dataset.toList().stream().map(Row::values).toList();
  }

  private static List<Map<String, Object>> rows(FeedbackDataset dataset, TrainingTask task) {
    return rows(dataset.prepareForTraining(task).train());
  }

  private static FeedbackRecord.Builder capital(String country, String... answers) {
    FeedbackRecord.Builder record =
        FeedbackRecord.builder()
            .id(country)
            .field("prompt", "What is the capital of " + country + "?");
    for (int i = 0; i < answers.length; i++) {
      record.response(Response.submitted("user-" + i, Map.of("response", answers[i])));
    }
    return record;
  }

  @Nested
  class Supervised_fine_tuning {

    private final FeedbackDataset dataset = FeedbackTemplates.forSupervisedFineTuning(true).build();

    @Test
    void by_default_lays_out_prompt_context_and_every_response() {
      dataset.add(
          capital("Peru", "Lima").field("context", "Peru is in America.").build(),
          capital("Chad", "N'Djamena", "Ndjamena").build(),
          capital("Mali").response(Response.draft("x", Map.of("response", "?"))).build());

      assertThat(rows(dataset, TrainingTask.supervisedFineTuning()))
          .containsExactly(
              Map.of(
                  "text",
                  """
                  ### Instruction:
                  What is the capital of Peru?

                  ### Context:
                  Peru is in America.

                  ### Response:
                  Lima"""),
              Map.of(
                  "text",
                  "### Instruction:\nWhat is the capital of Chad?\n\n### Response:\nN'Djamena"),
              Map.of(
                  "text",
                  "### Instruction:\nWhat is the capital of Chad?\n\n### Response:\nNdjamena"));
    }

    @Test
    void takes_a_function_that_gives_none_one_or_several_texts() {
      dataset.add(capital("Peru").build(), capital("Chad", "N'Djamena", "Ndjamena").build());

      assertThat(
              rows(
                  dataset,
                  TrainingTask.supervisedFineTuning(
                      record ->
                          record
                              .textAnswers("response")
                              .map(answer -> record.text("prompt") + " " + answer))))
          .containsExactly(
              Map.of("text", "What is the capital of Chad? N'Djamena"),
              Map.of("text", "What is the capital of Chad? Ndjamena"));
    }

    @Test
    void keeps_prompt_and_completion_apart_on_request() {
      dataset.add(capital("Peru", "Lima").field("context", "In America.").build());

      assertThat(rows(dataset, TrainingTask.promptCompletion()))
          .containsExactly(
              Map.of(
                  "prompt", "In America.\n\nWhat is the capital of Peru?", "completion", "Lima"));
    }

    @Test
    void becomes_chats_of_user_and_assistant() {
      dataset.add(capital("Peru", "Lima").build());

      assertThat(rows(dataset, TrainingTask.chatCompletion()))
          .containsExactly(
              Map.of(
                  "messages",
                  List.of(
                      Map.of("role", "user", "content", "What is the capital of Peru?"),
                      Map.of("role", "assistant", "content", "Lima"))));
    }
  }

  @Test
  void text_generation_takes_the_texts_of_a_field() {
    FeedbackDataset dataset = FeedbackDataset.builder().field(TextField.of("content")).build();
    dataset.add(
        FeedbackRecord.builder()
            .field("content", "The base ingredient of paella is rice.")
            .build());

    assertThat(rows(dataset, TrainingTask.textGeneration("content")))
        .containsExactly(Map.of("text", "The base ingredient of paella is rice."));
    assertThatThrownBy(() -> rows(dataset, TrainingTask.textGeneration("contents")))
        .hasMessage(
            "The dataset has no field \"contents\". Its fields are [content]; give the task a function"
                + " that uses them.");
  }

  @Nested
  class Preferences {

    private final FeedbackDataset dataset =
        FeedbackTemplates.forPreferenceModeling(3, false).build();

    private FeedbackRecord.Builder ranked(List<RankedOption> ranking) {
      return FeedbackRecord.builder()
          .id("r1")
          .field("prompt", "Hello")
          .field("response1", "Hi!")
          .field("response2", "Go away.")
          .field("response3", "Good day.")
          .response(Response.submitted("a", Map.of("preference", ranking)));
    }

    @Test
    void by_default_are_all_pairs_that_the_unified_ranking_does_not_tie() {
      dataset.add(
          ranked(
                  List.of(
                      new RankedOption("response1", 1),
                      new RankedOption("response3", 1),
                      new RankedOption("response2", 3)))
              .build());

      assertThat(rows(dataset, TrainingTask.rewardModeling()))
          .containsExactly(
              Map.of("prompt", "Hello", "chosen", "Hi!", "rejected", "Go away."),
              Map.of("prompt", "Hello", "chosen", "Good day.", "rejected", "Go away."));
      assertThat(rows(dataset, TrainingTask.directPreferenceOptimization())).hasSize(2);
    }

    @Test
    void follow_the_strategy_that_the_question_was_unified_with() {
      List<RankedOption> oneTwoThree =
          RankedOption.bestFirst("response1", "response2", "response3");
      List<RankedOption> threeTwoOne =
          RankedOption.bestFirst("response3", "response2", "response1");
      dataset.add(
          ranked(oneTwoThree)
              .response(Response.submitted("b", Map.of("preference", threeTwoOne)))
              .build());
      dataset.unify("preference", RankingStrategy.MAX);

      assertThat(rows(dataset, TrainingTask.rewardModeling()).get(0))
          .containsEntry("chosen", "Good day.")
          .containsEntry("rejected", "Go away.");
    }

    @Test
    void of_a_function_have_prompt_and_margin_only_where_given() {
      dataset.add(ranked(RankedOption.bestFirst("response1", "response2", "response3")).build());

      assertThat(
              rows(
                  dataset,
                  TrainingTask.rewardModeling(
                      record ->
                          Stream.of(
                              Preference.of(record.text("response1"), record.text("response2"))))))
          .containsExactly(Map.of("chosen", "Hi!", "rejected", "Go away."));
      assertThat(
              rows(
                  dataset,
                  TrainingTask.rewardModeling(
                      record -> Stream.of(new Preference(null, "a", "b", 1.5)))))
          .containsExactly(Map.of("chosen", "a", "rejected", "b", "margin", 1.5));
    }

    @Test
    void with_identical_sides_are_refused() {
      dataset.add(
          ranked(RankedOption.bestFirst("response1", "response2", "response3"))
              .externalId("7")
              .build());

      assertThatThrownBy(
              () ->
                  rows(
                      dataset,
                      TrainingTask.rewardModeling(
                          record -> Stream.of(Preference.of("same", "same")))))
          .hasMessageContaining("the rows for reward modeling")
          .hasMessageContaining(
              "record 0 (external id \"7\"): chosen and rejected must be two different texts but was"
                  + " \"same\"")
          .hasMessageContaining("Stream.empty()");
    }
  }

  @Test
  void proximal_policy_optimization_takes_prompts() {
    FeedbackDataset dataset = FeedbackTemplates.forProximalPolicyOptimization(7, false).build();
    dataset.add(FeedbackRecord.builder().field("prompt", "Once upon a time").build());
    dataset.unify("prompt", RatingStrategy.MEAN);

    assertThat(rows(dataset, TrainingTask.proximalPolicyOptimization()))
        .containsExactly(Map.of("prompt", "Once upon a time"));
    assertThat(
            rows(
                dataset,
                TrainingTask.proximalPolicyOptimization(
                    record -> Stream.of(record.text("prompt") + ","))))
        .containsExactly(Map.of("prompt", "Once upon a time,"));
  }

  @Test
  void chat_turns_of_several_records_become_one_chat_sorted_by_turn() {
    FeedbackDataset dataset =
        FeedbackDataset.builder()
            .field(TextField.of("content"))
            .metadataProperty(IntegerMetadataProperty.of("turn"))
            .build();
    dataset.add(
        FeedbackRecord.builder().field("content", "Fine.").metadata("turn", 2).build(),
        FeedbackRecord.builder().field("content", "How are you?").metadata("turn", 1).build());

    TrainingTask task =
        TrainingTask.chatCompletion(
            record -> {
              int turn = record.metadata().containsValue(1) ? 1 : 2;
              return Stream.of(
                  new ChatTurn(
                      "c", turn, turn == 1 ? "user" : "assistant", record.text("content")));
            });

    assertThat(rows(dataset, task))
        .containsExactly(
            Map.of(
                "messages",
                List.of(
                    Map.of("role", "user", "content", "How are you?"),
                    Map.of("role", "assistant", "content", "Fine."))));
    assertThatThrownBy(() -> new ChatTurn("c", 1, "human", "Hi"))
        .hasMessage("Turn 1 of chat \"c\" has the role \"human\". Use system, user or assistant.");
  }

  @Nested
  class Text_classification {

    private final FeedbackDataset dataset =
        FeedbackDataset.builder()
            .field(TextField.of("text"))
            .question(LabelQuestion.of("label", "yes", "no"))
            .build();

    @Test
    void unifies_labels() {
      dataset.add(
          FeedbackRecord.builder()
              .field("text", "x")
              .response(Response.submitted("a", Map.of("label", "no")))
              .response(Response.submitted("b", Map.of("label", "yes")))
              .build(),
          FeedbackRecord.builder().field("text", "unanswered").build());

      assertThat(
              rows(
                  dataset,
                  TrainingTask.textClassification("text", "label", LabelStrategy.MAJORITY)))
          .containsExactly(Map.of("text", "x", "label", "yes"));
      assertThat(
              rows(
                  dataset,
                  TrainingTask.textClassification("text", "label", LabelStrategy.DISAGREEMENT)))
          .containsExactly(Map.of("text", "x", "label", "no"), Map.of("text", "x", "label", "yes"));
    }
  }

  @Nested
  class Splitting {

    private final FeedbackDataset dataset =
        FeedbackTemplates.forSupervisedFineTuning(false).build();

    private final TrainingTask task =
        TrainingTask.supervisedFineTuning(
            record -> record.textAnswers("response").map(answer -> record.id()));

    private void addHundred() {
      for (int i = 0; i < 100; i++) {
        dataset.add(capital("c" + i, "one", "two").build());
      }
    }

    @Test
    void keeps_the_rows_of_a_record_together_and_the_order_of_records() {
      addHundred();

      TrainingRows rows = dataset.prepareForTraining(task, 0.25, 1);

      List<String> train = rows.train().toList().stream().map(row -> row.text("text")).toList();
      List<String> test = rows.test().toList().stream().map(row -> row.text("text")).toList();
      assertThat(train).hasSize(150).doesNotContainAnyElementsOf(test);
      assertThat(test).hasSize(50);
      assertThat(train.get(0)).isEqualTo(train.get(1));
      assertThat(train.stream().map(id -> Integer.valueOf(id.substring(1))).toList()).isSorted();
    }

    @Test
    void depends_on_the_seed_only() {
      addHundred();

      List<Map<String, Object>> first = rows(dataset.prepareForTraining(task, 0.1, 1).test());

      assertThat(rows(dataset.prepareForTraining(task, 0.1, 1).test())).isEqualTo(first);
      assertThat(rows(dataset.prepareForTraining(task, 0.1, 2).test())).isNotEqualTo(first);
    }

    @Test
    void refuses_shares_outside_0_to_1_and_tasks_without_rows() {
      assertThatThrownBy(() -> dataset.prepareForTraining(task, 1, 1))
          .hasMessageStartingWith("testShare must be at least 0 and less than 1 but was 1.0.");
      assertThatThrownBy(() -> dataset.prepareForTraining(task))
          .hasMessageContaining(
              "The task supervised fine-tuning made no rows out of 0 records. Submitted responses");
    }
  }

  @Nested
  class Questions_and_sentences {

    private final FeedbackDataset dataset = FeedbackTemplates.forQuestionAnswering().build();

    @Test
    void answers_are_found_in_their_context_and_counted_in_code_points() {
      dataset.add(
          FeedbackRecord.builder()
              .field("question", "Who met?")
              .field("context", "👩 met 👨 and 👨.")
              .response(Response.submitted("a", Map.of("answer", "👨")))
              .response(Response.submitted("b", Map.of("answer", "nobody")))
              .response(Response.submitted("c", Map.of("answer", "👩")))
              .build());

      assertThat(rows(dataset, TrainingTask.questionAnswering("question", "context", "answer")))
          .extracting(row -> row.get("answer"))
          .containsExactly(
              Map.of("text", List.of("👨"), "answer_start", List.of(6L)),
              Map.of("text", List.of("👩"), "answer_start", List.of(0L)));
    }

    @Test
    void a_field_that_is_missing_is_named() {
      assertThatThrownBy(
              () -> rows(dataset, TrainingTask.questionAnswering("ask", "context", "answer")))
          .hasMessageContaining("The dataset has no field \"ask\"");
    }

    @Test
    void sentences_come_in_pairs_with_a_label_or_in_threes() {
      dataset.add(FeedbackRecord.builder().field("question", "a").field("context", "b").build());

      assertThat(
              rows(
                  dataset,
                  TrainingTask.sentenceSimilarity(
                      record -> Stream.of(SimilarSentences.of(record.text("question"), "x", 0.5)))))
          .containsExactly(Map.of("sentence-1", "a", "sentence-2", "x", "label", 0.5));
      assertThat(
              rows(
                  dataset,
                  TrainingTask.sentenceSimilarity(
                      record -> Stream.of(SimilarSentences.of("a", "b", "c")))))
          .containsExactly(Map.of("sentence-1", "a", "sentence-2", "b", "sentence-3", "c"));
      assertThatThrownBy(() -> new SimilarSentences(List.of("alone"), 1.0))
          .hasMessageContaining("must be two or three but were [alone]");
    }
  }
}
