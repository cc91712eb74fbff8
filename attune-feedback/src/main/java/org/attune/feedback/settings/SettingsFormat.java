package org.attune.feedback.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.feedback.field.ChatField;
import org.attune.feedback.field.CustomField;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.FloatMetadataProperty;
import org.attune.feedback.field.ImageField;
import org.attune.feedback.field.IntegerMetadataProperty;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.feedback.field.TextField;
import org.attune.feedback.field.VectorSettings;
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
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Settings as numbers, strings, lists and maps, with the keys of Argilla's {@code argilla.yaml}. It
 * reads the keys of the older {@code argilla.cfg} as well, where options are under {@code
 * settings}.
 */
public final class SettingsFormat {

  private SettingsFormat() {}

  public static Map<String, @Nullable Object> write(FeedbackSettings settings) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("guidelines", settings.guidelines());
    plain.put("allow_extra_metadata", settings.allowExtraMetadata());
    plain.put("fields", settings.fields().stream().map(SettingsFormat::write).toList());
    plain.put("questions", settings.questions().stream().map(SettingsFormat::write).toList());
    plain.put(
        "metadata_properties",
        settings.metadataProperties().stream().map(SettingsFormat::write).toList());
    plain.put("vectors_settings", settings.vectors().stream().map(SettingsFormat::write).toList());
    return plain;
  }

  private static Map<String, @Nullable Object> write(Field field) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("name", field.name());
    plain.put("title", field.title());
    plain.put("required", field.required());
    plain.put("type", field.type());
    if (field instanceof TextField text) {
      plain.put("use_markdown", text.useMarkdown());
    } else if (field instanceof ChatField chat) {
      plain.put("use_markdown", chat.useMarkdown());
    } else if (field instanceof CustomField custom) {
      plain.put("template", custom.template());
      plain.put("advanced_mode", custom.advancedMode());
    }
    return plain;
  }

  private static Map<String, @Nullable Object> write(Question question) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("name", question.name());
    plain.put("title", question.title());
    plain.put("description", question.description());
    plain.put("required", question.required());
    plain.put("type", question.type());
    if (question instanceof TextQuestion text) {
      plain.put("use_markdown", text.useMarkdown());
    } else if (question instanceof RatingQuestion rating) {
      plain.put("values", rating.values());
    } else if (question instanceof LabelQuestion label) {
      plain.put("labels", texts(label.options()));
      plain.put("visible_labels", label.visibleOptions());
    } else if (question instanceof MultiLabelQuestion labels) {
      plain.put("labels", texts(labels.options()));
      plain.put("visible_labels", labels.visibleOptions());
      plain.put("labels_order", labels.suggestedFirst() ? "suggestion" : "natural");
    } else if (question instanceof RankingQuestion ranking) {
      plain.put("values", texts(ranking.options()));
    } else if (question instanceof SpanQuestion span) {
      plain.put("field", span.field());
      plain.put("labels", texts(span.options()));
      plain.put("visible_labels", span.visibleOptions());
      plain.put("allow_overlapping", span.allowOverlapping());
    }
    return plain;
  }

  /**
   * The shortest form that holds everything: a list of values, a map to texts, or a list of all.
   */
  private static Object texts(List<Option> options) {
    if (options.stream().anyMatch(option -> option.description() != null)) {
      return options.stream().map(SettingsFormat::write).toList();
    }
    if (options.stream().allMatch(option -> option.value().equals(option.text()))) {
      return options.stream().map(Option::value).toList();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    options.forEach(option -> texts.put(option.value(), option.text()));
    return texts;
  }

  private static Map<String, @Nullable Object> write(Option option) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("value", option.value());
    plain.put("text", option.text());
    plain.put("description", option.description());
    return plain;
  }

  private static Map<String, @Nullable Object> write(MetadataProperty property) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("name", property.name());
    plain.put("title", property.title());
    plain.put("visible_for_annotators", property.visibleForAnnotators());
    plain.put("type", property.type());
    if (property instanceof TermsMetadataProperty terms) {
      plain.put("values", terms.values().isEmpty() ? null : terms.values());
    } else if (property instanceof IntegerMetadataProperty integer) {
      plain.put("min", integer.min());
      plain.put("max", integer.max());
    } else if (property instanceof FloatMetadataProperty floating) {
      plain.put("min", floating.min());
      plain.put("max", floating.max());
    }
    return plain;
  }

  private static Map<String, @Nullable Object> write(VectorSettings vector) {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    plain.put("name", vector.name());
    plain.put("title", vector.title());
    plain.put("dimensions", vector.dimensions());
    return plain;
  }

  /**
   * Reads settings.
   *
   * @param file the file they come from, for messages
   * @throws InvalidFeedbackException if keys are missing or values break a rule
   */
  public static FeedbackSettings read(String file, @Nullable Object plain) {
    Problems problems = Problems.none();
    PlainMap map = PlainMap.of(file, plain, problems);
    List<Field> fields = new ArrayList<>();
    for (Object item : map.list("fields")) {
      PlainMap field = PlainMap.of("field " + fields.size(), item, map.problems());
      Field read = readField(field);
      if (read != null) {
        fields.add(read);
      }
    }
    List<Question> questions = new ArrayList<>();
    for (Object item : map.list("questions")) {
      PlainMap question = PlainMap.of("question " + questions.size(), item, map.problems());
      Question read = readQuestion(question);
      if (read != null) {
        questions.add(read);
      }
    }
    List<MetadataProperty> properties = new ArrayList<>();
    for (Object item : map.list("metadata_properties")) {
      PlainMap property =
          PlainMap.of("metadata property " + properties.size(), item, map.problems());
      MetadataProperty read = readProperty(property);
      if (read != null) {
        properties.add(read);
      }
    }
    List<VectorSettings> vectors = new ArrayList<>();
    for (Object item : map.list("vectors_settings")) {
      PlainMap vector = PlainMap.of("vector " + vectors.size(), item, map.problems());
      Integer dimensions = vector.whole("dimensions");
      vectors.add(
          new VectorSettings(
              vector.text("name"), titleOf(vector), dimensions == null ? 0 : dimensions));
    }
    String guidelines = map.optionalText("guidelines");
    boolean extra = map.flag("allow_extra_metadata", true);
    problems.throwIfAny("the settings in " + file);
    return new FeedbackSettings(guidelines, fields, questions, properties, vectors, extra);
  }

  private static @Nullable Field readField(PlainMap field) {
    PlainMap options = settingsOf(field);
    String name = field.text("name");
    String title = titleOf(field);
    boolean required = field.flag("required", true);
    PlainMap holder = field.has("type") ? field : options;
    String type = holder.has("type") ? holder.text("type") : "text";
    return switch (type) {
      case "text" -> new TextField(name, title, required, options.flag("use_markdown", false));
      case "image" -> new ImageField(name, title, required);
      case "chat" -> new ChatField(name, title, required, options.flag("use_markdown", true));
      case "custom" ->
          new CustomField(
              name,
              title,
              required,
              options.text("template"),
              options.flag("advanced_mode", false));
      default -> {
        field
            .problems()
            .add("type", "must be text, image, chat or custom", type, "Correct the file.");
        yield null;
      }
    };
  }

  private static @Nullable Question readQuestion(PlainMap question) {
    PlainMap options = settingsOf(question);
    Heading heading =
        new Heading(
            question.text("name"),
            titleOf(question),
            question.optionalText("description"),
            question.flag("required", true));
    String type = question.has("type") ? question.text("type") : options.text("type");
    Integer visible =
        options.whole(options.has("visible_labels") ? "visible_labels" : "visible_options");
    return switch (type) {
      case "text" -> new TextQuestion(heading, options.flag("use_markdown", false));
      case "rating" -> new RatingQuestion(heading, ratings(options));
      case "label_selection" -> new LabelQuestion(heading, options(options, "labels"), visible);
      case "multi_label_selection" ->
          new MultiLabelQuestion(
              heading,
              options(options, "labels"),
              visible,
              "suggestion".equals(options.optionalText("labels_order")));
      case "ranking" -> new RankingQuestion(heading, options(options, "values"));
      case "span" ->
          new SpanQuestion(
              heading,
              options.text("field"),
              options(options, "labels"),
              visible,
              options.flag("allow_overlapping", false));
      default -> {
        question
            .problems()
            .add(
                "type",
                "must be text, rating, label_selection, multi_label_selection, ranking or span",
                type,
                "Correct the file.");
        yield null;
      }
    };
  }

  private static @Nullable MetadataProperty readProperty(PlainMap property) {
    String name = property.text("name");
    String title = titleOf(property);
    boolean visible = property.flag("visible_for_annotators", true);
    Number min = property.number("min");
    Number max = property.number("max");
    String type = property.text("type");
    return switch (type) {
      case "terms" ->
          new TermsMetadataProperty(
              name, title, visible, property.list("values").stream().map(String::valueOf).toList());
      case "integer" ->
          new IntegerMetadataProperty(
              name,
              title,
              visible,
              min == null ? null : (Long) min.longValue(),
              max == null ? null : (Long) max.longValue());
      case "float" ->
          new FloatMetadataProperty(
              name,
              title,
              visible,
              min == null ? null : (Double) min.doubleValue(),
              max == null ? null : (Double) max.doubleValue());
      default -> {
        property
            .problems()
            .add("type", "must be terms, integer or float", type, "Correct the file.");
        yield null;
      }
    };
  }

  private static String titleOf(PlainMap item) {
    return item.has("title") ? item.text("title") : Names.titleOf(item.text("name"));
  }

  /** Older files keep what depends on the type under a key of its own. */
  private static PlainMap settingsOf(PlainMap item) {
    return item.has("settings")
        ? PlainMap.of("settings", item.get("settings"), item.problems())
        : item;
  }

  private static List<Integer> ratings(PlainMap options) {
    List<Integer> ratings = new ArrayList<>();
    for (Object item : options.list(options.has("values") ? "values" : "options")) {
      Object value = item instanceof Map<?, ?> option ? option.get("value") : item;
      if (value instanceof Number number) {
        ratings.add(number.intValue());
      } else {
        options.problems().add("values", "must be numbers", value, "Correct the file.");
      }
    }
    return ratings;
  }

  /** Options as a list of values, a map from value to text, or a list of value and text. */
  private static List<Option> options(PlainMap settings, String key) {
    String found = settings.has(key) ? key : "options";
    List<Option> options = new ArrayList<>();
    if (settings.get(found) instanceof Map<?, ?> texts) {
      texts.forEach(
          (value, text) -> options.add(new Option(String.valueOf(value), String.valueOf(text))));
      return options;
    }
    for (Object item : settings.list(found)) {
      if (item instanceof Map<?, ?> option) {
        String value = String.valueOf(option.get("value"));
        Object text = option.get("text");
        Object description = option.get("description");
        options.add(
            new Option(
                value,
                text == null ? value : text.toString(),
                description == null ? null : description.toString()));
      } else {
        options.add(Option.of(String.valueOf(item)));
      }
    }
    return options;
  }
}
