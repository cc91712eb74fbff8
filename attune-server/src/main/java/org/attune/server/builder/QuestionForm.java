package org.attune.server.builder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.feedback.question.Question;
import org.attune.server.dataset.SettingTable;
import org.jspecify.annotations.Nullable;

/** Reads a question from what somebody typed about it. */
public final class QuestionForm {

  public static final List<String> TYPES =
      List.of("label_selection", "multi_label_selection", "rating", "text", "ranking", "span");

  private static final int HIGHEST_RATING = 10;

  private QuestionForm() {}

  /**
   * The question that a form describes.
   *
   * @param required whether it has to be answered
   * @throws org.attune.feedback.validation.InvalidFeedbackException if it breaks a rule
   */
  public static Question read(Map<String, String> form, boolean required) {
    String title = form.getOrDefault("title", "").strip();
    String name = form.getOrDefault("name", "").strip();
    String type = form.getOrDefault("type", "text");
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    settings.put("type", type);
    switch (type) {
      case "rating" -> {
        int lowest = number(form.get("lowest"), 1);
        int highest = number(form.get("highest"), 5);
        settings.put(
            "options",
            IntStream.rangeClosed(lowest, highest)
                .mapToObj(value -> Map.of("value", value))
                .toList());
      }
      case "text" -> settings.put("use_markdown", form.containsKey("markdown"));
      default -> {
        settings.put("options", options(form.getOrDefault("options", "")));
        if (type.equals("span")) {
          settings.put("field", form.getOrDefault("field", ""));
        }
      }
    }
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("name", name.isEmpty() ? ColumnUse.nameOf(title, 0) : name);
    body.put("title", title);
    String description = form.getOrDefault("description", "").strip();
    body.put("description", description.isEmpty() ? null : description);
    body.put("required", required);
    body.put("settings", settings);
    return SettingTable.QUESTIONS.parse(body);
  }

  private static int number(@Nullable String text, int otherwise) {
    return text != null && text.strip().matches("\\d{1,2}")
        ? Math.min(HIGHEST_RATING, Integer.parseInt(text.strip()))
        : otherwise;
  }

  /** One option a line, {@code value} or {@code value: text}. */
  private static List<Object> options(String text) {
    List<Object> options = new ArrayList<>();
    for (String line : Template.lines(text)) {
      int colon = line.indexOf(": ");
      options.add(
          colon <= 0
              ? Map.of("value", line, "text", line)
              : Map.of(
                  "value", line.substring(0, colon), "text", line.substring(colon + 2).strip()));
    }
    return options;
  }
}
