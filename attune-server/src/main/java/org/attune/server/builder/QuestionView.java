package org.attune.server.builder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.feedback.argilla.QuestionJson;
import org.attune.feedback.question.Question;

/** A question as a page shows it. */
public record QuestionView(
    String name,
    String title,
    String description,
    boolean required,
    String type,
    List<Choice> options) {

  /** What can be chosen. */
  public record Choice(String value, String text) {}

  public static QuestionView of(Question question) {
    List<Choice> options = new ArrayList<>();
    if (QuestionJson.settings(question).get("options") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> option) {
          Object value = option.get("value");
          Object text = option.get("text");
          options.add(
              new Choice(String.valueOf(value), String.valueOf(text == null ? value : text)));
        }
      }
    }
    String description = question.heading().description();
    return new QuestionView(
        question.name(),
        question.heading().title(),
        description == null ? "" : description,
        question.required(),
        question.type(),
        options);
  }
}
