package org.attune.server.builder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.attune.feedback.argilla.QuestionJson;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.validation.Problems;
import org.attune.server.dataset.SettingTable;
import org.jspecify.annotations.Nullable;

/**
 * Changes a question as a form says. In a published dataset the answers to it must stay meaningful:
 * ratings stay, options of a ranking stay, and other options may come and go, since an answer that
 * has one keeps it.
 */
final class QuestionChange {

  private static final String OPTIONS = "options";
  private static final String SEPARATOR = ": ";
  private static final int HIGHEST_RATING = 10;

  private final Question before;
  private final Map<String, String> form;
  private final boolean published;

  private QuestionChange(Question before, Map<String, String> form, boolean published) {
    this.before = before;
    this.form = form;
    this.published = published;
  }

  /**
   * The question after the change.
   *
   * @throws org.attune.feedback.validation.InvalidFeedbackException if it breaks a rule
   */
  static Question apply(Question before, Map<String, String> form, boolean published) {
    return new QuestionChange(before, form, published).apply();
  }

  private Question apply() {
    Map<String, @Nullable Object> body = QuestionJson.write(before);
    body.put("title", text("title"));
    String description = text("description");
    body.put("description", description.isEmpty() ? null : description);
    body.put("required", form.containsKey("required"));
    body.put("settings", settings());
    return SettingTable.QUESTIONS.parse(body);
  }

  private String text(String key) {
    return form.getOrDefault(key, "").strip();
  }

  private Map<String, @Nullable Object> settings() {
    Map<String, @Nullable Object> settings = new LinkedHashMap<>(QuestionJson.settings(before));
    if (before instanceof RatingQuestion) {
      if (!published) {
        settings.put(OPTIONS, ratings());
      }
    } else if (settings.containsKey(OPTIONS)) {
      settings.put(OPTIONS, options());
    }
    if (settings.containsKey("use_markdown")) {
      settings.put("use_markdown", form.containsKey("markdown"));
    }
    if (settings.containsKey("visible_options")) {
      settings.put("visible_options", number(text("visible")));
    }
    if (settings.containsKey("options_order")) {
      settings.put("options_order", form.containsKey("suggested-first") ? "suggestion" : "natural");
    }
    if (settings.containsKey("allow_overlapping")) {
      boolean kept = published && Boolean.TRUE.equals(settings.get("allow_overlapping"));
      settings.put("allow_overlapping", kept || form.containsKey("overlapping"));
    }
    return settings;
  }

  private static @Nullable Integer number(String text) {
    return text.matches("\\d{1,3}") ? Integer.valueOf(text) : null;
  }

  private List<Object> ratings() {
    Integer lowest = number(text("lowest"));
    Integer highest = number(text("highest"));
    return IntStream.rangeClosed(
            lowest == null ? 1 : lowest, Math.min(HIGHEST_RATING, highest == null ? 1 : highest))
        .<Object>mapToObj(value -> Map.of("value", value))
        .toList();
  }

  /** One option a line, as {@link #lines} writes them; those that are known keep their help. */
  private List<Map<String, @Nullable Object>> options() {
    Map<String, @Nullable Object> help = new HashMap<>();
    known().forEach(option -> help.put(value(option), option.get("description")));
    List<Map<String, @Nullable Object>> options = new ArrayList<>();
    for (String line : Template.lines(form.getOrDefault(OPTIONS, ""))) {
      int end = end(line, help.keySet());
      Map<String, @Nullable Object> option = new LinkedHashMap<>();
      option.put("value", line.substring(0, end));
      option.put("text", end == line.length() ? line : line.substring(end + 2).strip());
      option.put("description", help.get(line.substring(0, end)));
      options.add(option);
    }
    if (published && before instanceof RankingQuestion && !values(options).equals(help.keySet())) {
      Problems problems = Problems.none();
      problems.add(
          OPTIONS,
          "must keep their values",
          values(options),
          "A ranking has all of them, so answers would not fit. Add another question.");
      problems.throwIfAny("the question \"" + before.name() + "\"");
    }
    return options;
  }

  /** Where the value ends in a line: after one that is known, else before the first colon. */
  private static int end(String line, Set<String> known) {
    if (known.contains(line)) {
      return line.length();
    }
    int longest = -1;
    for (String value : known) {
      if (line.startsWith(value + SEPARATOR)) {
        longest = Math.max(longest, value.length());
      }
    }
    int colon = longest < 0 ? line.indexOf(SEPARATOR) : longest;
    return colon <= 0 ? line.length() : colon;
  }

  @SuppressWarnings("unchecked")
  private List<Map<String, @Nullable Object>> known() {
    Object options = QuestionJson.settings(before).get(OPTIONS);
    return options == null ? List.of() : (List<Map<String, @Nullable Object>>) options;
  }

  private static String value(Map<String, @Nullable Object> option) {
    return String.valueOf(option.get("value"));
  }

  private static Set<String> values(List<Map<String, @Nullable Object>> options) {
    Set<String> values = new HashSet<>();
    options.forEach(option -> values.add(value(option)));
    return values;
  }

  /** The options of a question, one a line: {@code value}, or {@code value: text}. */
  static String lines(QuestionView view) {
    StringBuilder lines = new StringBuilder();
    for (QuestionView.Choice option : view.options()) {
      lines.append(option.value());
      if (!option.text().equals(option.value())) {
        lines.append(SEPARATOR).append(option.text());
      }
      lines.append('\n');
    }
    return lines.toString();
  }
}
