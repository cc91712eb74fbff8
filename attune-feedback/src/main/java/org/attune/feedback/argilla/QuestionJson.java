package org.attune.feedback.argilla;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.feedback.question.Heading;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Option;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.jspecify.annotations.Nullable;

/** Questions: {@code {"name", "title", "description", "required", "settings": {"type", …}}}. */
public final class QuestionJson {

  private QuestionJson() {}

  public static Map<String, @Nullable Object> write(Question question) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("name", question.name());
    body.put("title", question.title());
    body.put("description", question.description());
    body.put("required", question.required());
    body.put("settings", settings(question));
    return body;
  }

  /** What depends on the kind of question, as under the key {@code settings}. */
  public static Map<String, @Nullable Object> settings(Question question) {
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    settings.put("type", question.type());
    if (question instanceof TextQuestion text) {
      settings.put("use_markdown", text.useMarkdown());
    } else if (question instanceof RatingQuestion rating) {
      settings.put(
          "options", rating.values().stream().map(value -> Map.of("value", value)).toList());
    } else if (question instanceof LabelQuestion label) {
      settings.put("options", options(label.options()));
      settings.put("visible_options", label.visibleOptions());
    } else if (question instanceof MultiLabelQuestion labels) {
      settings.put("options", options(labels.options()));
      settings.put("visible_options", labels.visibleOptions());
      settings.put("options_order", labels.suggestedFirst() ? "suggestion" : "natural");
    } else if (question instanceof RankingQuestion ranking) {
      settings.put("options", options(ranking.options()));
    } else if (question instanceof SpanQuestion span) {
      settings.put("field", span.field());
      settings.put("options", options(span.options()));
      settings.put("visible_options", span.visibleOptions());
      settings.put("allow_overlapping", span.allowOverlapping());
      // Attune's spans may always begin and end within a word.
      settings.put("allow_character_annotation", true);
    }
    return settings;
  }

  private static List<Map<String, @Nullable Object>> options(List<Option> options) {
    List<Map<String, @Nullable Object>> plain = new ArrayList<>();
    for (Option option : options) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("value", option.value());
      entry.put("text", option.text());
      entry.put("description", option.description());
      plain.add(entry);
    }
    return plain;
  }

  /**
   * Reads a question; it is not required unless the body says so.
   *
   * @throws InvalidFeedbackException if the body breaks a rule
   */
  public static Question read(@Nullable Object body) {
    return Reading.of("the question", body, QuestionJson::read);
  }

  static @Nullable Question read(JsonBody body) {
    Heading heading =
        new Heading(
            body.text("name"),
            body.text("title"),
            body.optionalText("description"),
            body.flag("required", false));
    JsonBody settings = body.object("settings");
    String type = settings.text("type");
    return switch (type) {
      case "text" -> {
        boolean markdown = settings.flag("use_markdown", false);
        yield Reading.make(body, () -> new TextQuestion(heading, markdown));
      }
      case "rating" -> {
        List<Integer> values = ratings(settings);
        yield Reading.make(body, () -> new RatingQuestion(heading, values));
      }
      case "label_selection" -> {
        List<Option> options = options(settings);
        Integer visible = settings.wholeInt("visible_options");
        yield Reading.make(body, () -> new LabelQuestion(heading, options, visible));
      }
      case "multi_label_selection" -> {
        List<Option> options = options(settings);
        Integer visible = settings.wholeInt("visible_options");
        boolean suggestedFirst = suggestedFirst(settings);
        yield Reading.make(
            body, () -> new MultiLabelQuestion(heading, options, visible, suggestedFirst));
      }
      case "ranking" -> {
        List<Option> options = options(settings);
        yield Reading.make(body, () -> new RankingQuestion(heading, options));
      }
      case "span" -> {
        String field = settings.text("field");
        List<Option> options = options(settings);
        Integer visible = settings.wholeInt("visible_options");
        boolean overlapping = settings.flag("allow_overlapping", false);
        settings.flag("allow_character_annotation", true);
        yield Reading.make(
            body, () -> new SpanQuestion(heading, field, options, visible, overlapping));
      }
      default -> {
        Reading.unknown(
            settings,
            "type",
            "text, rating, label_selection, multi_label_selection, ranking or span");
        yield null;
      }
    };
  }

  private static boolean suggestedFirst(JsonBody settings) {
    String order = settings.optionalText("options_order");
    if (order != null && !order.equals("natural") && !order.equals("suggestion")) {
      Reading.unknown(settings, "options_order", "natural or suggestion");
    }
    return "suggestion".equals(order);
  }

  private static List<Integer> ratings(JsonBody settings) {
    List<Integer> ratings = new ArrayList<>();
    for (JsonBody option : settings.objects("options")) {
      if (!option.has("value")) {
        option.problems().add("value", "must be a whole number", null, "Add the value.");
      }
      Integer value = option.wholeInt("value");
      if (value != null) {
        ratings.add(value);
      }
    }
    return ratings;
  }

  private static List<Option> options(JsonBody settings) {
    List<Option> options = new ArrayList<>();
    for (JsonBody option : settings.objects("options")) {
      options.add(
          new Option(
              option.text("value"), option.text("text"), option.optionalText("description")));
    }
    return options;
  }
}
