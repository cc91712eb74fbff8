package org.attune.server.quality;

import java.util.List;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.settings.FeedbackSettings;

/**
 * A part of the rows to train on, filled from a field or from the answers to a question.
 *
 * @param key as addresses spell it, after {@code task.}
 * @param usual which of the choices it is unless somebody says, counted from 0
 */
record ExportColumn(String key, Kind kind, int usual) {

  /** What can fill a column. */
  enum Kind {
    FIELD,
    LABEL,
    RATING,
    ANSWER;

    boolean takes(Question question) {
      return switch (this) {
        case FIELD -> false;
        case LABEL -> question instanceof LabelQuestion || question instanceof MultiLabelQuestion;
        case RATING -> question instanceof RatingQuestion;
        case ANSWER -> question instanceof TextQuestion;
      };
    }
  }

  /** What a dataset has to fill it with. */
  List<String> choices(FeedbackSettings settings) {
    return kind == Kind.FIELD
        ? settings.fields().stream().filter(TextField.class::isInstance).map(Field::name).toList()
        : settings.questions().stream().filter(kind::takes).map(Question::name).toList();
  }
}
