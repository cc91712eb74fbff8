package org.attune.feedback.hub;

import java.util.List;
import java.util.stream.Collectors;
import org.attune.feedback.field.Field;
import org.attune.feedback.question.Question;
import org.attune.feedback.settings.FeedbackSettings;

/** The page that introduces a shared dataset. */
final class DatasetCard {

  private DatasetCard() {}

  static String of(FeedbackSettings settings, int records) {
    List<Field> fields = settings.fields();
    List<Question> questions = settings.questions();
    String guidelines = settings.guidelines();
    return """
        ---
        size_categories: %s
        tags:
        - rlfh
        - argilla
        - human-feedback
        configs:
        - config_name: default
          data_files:
          - split: train
            path: data/train-*
        ---
        # Feedback dataset

        %d records. Settings are in `argilla.yaml`; each question is a column that lists the answers \
        with user and status.

        ## Fields

        %s

        ## Questions

        %s

        ## Guidelines

        %s
        """
        .formatted(
            sizeCategory(records),
            records,
            fields.stream()
                .map(field -> "- `%s`: %s".formatted(field.name(), field.title()))
                .collect(Collectors.joining("\n")),
            questions.stream()
                .map(
                    question ->
                        "- `%s` (%s): %s"
                            .formatted(question.name(), question.type(), question.title()))
                .collect(Collectors.joining("\n")),
            guidelines == null ? "None." : guidelines);
  }

  private static String sizeCategory(int records) {
    if (records < 1_000) {
      return "n<1K";
    }
    if (records < 10_000) {
      return "1K<n<10K";
    }
    if (records < 100_000) {
      return "10K<n<100K";
    }
    return records < 1_000_000 ? "100K<n<1M" : "n>1M";
  }
}
