package org.attune.feedback.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.Field;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.settings.FeedbackSettings;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FeedbackTemplatesTest {

  /** Fields and questions as {@code name} or, where optional, {@code name?}. */
  private static String shape(FeedbackDataset.Builder builder) {
    FeedbackSettings settings = builder.settings();
    return settings.fields().stream().map(FeedbackTemplatesTest::shown).toList()
        + " "
        + settings.questions().stream().map(FeedbackTemplatesTest::shown).toList();
  }

  private static String shown(Field field) {
    return field.name() + (field.required() ? "" : "?");
  }

  private static String shown(Question question) {
    return question.type() + " " + question.name() + (question.required() ? "" : "?");
  }

  @Test
  void have_the_fields_and_questions_of_their_namesakes() {
    List<String> labels = List.of("yes", "no");

    assertThat(shape(FeedbackTemplates.forTextClassification(labels, false)))
        .isEqualTo("[text] [label_selection label]");
    assertThat(shape(FeedbackTemplates.forTextClassification(labels, true)))
        .isEqualTo("[text] [multi_label_selection label]");
    assertThat(shape(FeedbackTemplates.forQuestionAnswering()))
        .isEqualTo("[question, context] [text answer]");
    assertThat(shape(FeedbackTemplates.forSummarization())).isEqualTo("[text] [text summary]");
    assertThat(shape(FeedbackTemplates.forTranslation())).isEqualTo("[source] [text target]");
    assertThat(shape(FeedbackTemplates.forSentenceSimilarity(7)))
        .isEqualTo("[sentence-1, sentence-2] [rating similarity]");
    assertThat(shape(FeedbackTemplates.forNaturalLanguageInference()))
        .isEqualTo("[premise, hypothesis] [label_selection label]");
    assertThat(shape(FeedbackTemplates.forSupervisedFineTuning(true)))
        .isEqualTo("[prompt, context?] [text response]");
    assertThat(shape(FeedbackTemplates.forPreferenceModeling(2, false)))
        .isEqualTo("[prompt, response1, response2?] [ranking preference]");
    assertThat(shape(FeedbackTemplates.forDirectPreferenceOptimization(3, true)))
        .isEqualTo("[prompt, context?, response1, response2?, response3?] [ranking preference]");
    assertThat(shape(FeedbackTemplates.forProximalPolicyOptimization(7, false)))
        .isEqualTo("[prompt] [rating prompt]");
    assertThat(shape(FeedbackTemplates.forRetrievalAugmentedGeneration(2, 7)))
        .isEqualTo(
            "[query, retrieved_document_1, retrieved_document_2?] [rating"
                + " rating_retrieved_document_1, rating rating_retrieved_document_2?, text response?]");
    assertThat(shape(FeedbackTemplates.forMultiModalClassification(labels, false)))
        .isEqualTo("[content] [label_selection label]");
    assertThat(shape(FeedbackTemplates.forMultiModalTranscription()))
        .isEqualTo("[content] [text description]");
  }

  @Test
  void can_be_extended_before_they_are_built() {
    FeedbackDataset dataset =
        FeedbackTemplates.forPreferenceModeling(2, false)
            .guidelines("Our own words.")
            .question(RatingQuestion.of("confidence", 1, 5).optional())
            .build();

    assertThat(dataset.settings().guidelines()).isEqualTo("Our own words.");
    assertThat(dataset.settings().question("preference"))
        .isEqualTo(RankingQuestion.of("preference", "response1", "response2"));
    assertThat(dataset.settings().questions()).hasSize(2);
  }
}
