package org.attune.server.curation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.attune.feedback.field.ChatField;
import org.attune.feedback.field.CustomField;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.FloatMetadataProperty;
import org.attune.feedback.field.IntegerMetadataProperty;
import org.attune.feedback.field.MetadataProperty;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.json.Json;
import org.attune.server.problem.RequestException;
import org.attune.server.record.StoredRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import tools.jackson.core.JacksonException;

/** A record as a form shows it and as it comes back. */
final class RecordForm {

  private static final String FIELD = "field.";
  private static final String METADATA = "metadata.";
  private static final String OTHER = "other";

  private RecordForm() {}

  /** A metadata property, each of its terms on a line of its own. */
  record Property(String name, String title, String type, String text) {}

  static List<Property> properties(DatasetSettings settings, StoredRecord record) {
    Map<String, @Nullable Object> metadata = metadata(record);
    return settings.feedback().metadataProperties().stream()
        .map(
            property ->
                new Property(
                    property.name(),
                    property.title(),
                    property.type(),
                    text(metadata.get(property.name()))))
        .toList();
  }

  private static String text(@Nullable Object value) {
    if (value instanceof List<?> terms) {
      return String.join("\n", terms.stream().map(String::valueOf).toList());
    }
    return value == null ? "" : String.valueOf(value);
  }

  /** The metadata that no property describes, as JSON; empty if there is none. */
  static String other(DatasetSettings settings, StoredRecord record) {
    Map<String, @Nullable Object> metadata = metadata(record);
    settings.feedback().metadataProperties().forEach(property -> metadata.remove(property.name()));
    return metadata.isEmpty() ? "" : Json.write(metadata);
  }

  private static Map<String, @Nullable Object> metadata(StoredRecord record) {
    Map<String, @Nullable Object> metadata = record.metadata();
    return metadata == null ? new LinkedHashMap<>() : new LinkedHashMap<>(metadata);
  }

  /** Puts what was typed in the place of what the record holds. */
  static void typed(Map<String, String> form, Model model) {
    List<?> fields = (List<?>) Objects.requireNonNull(model.getAttribute("fields"));
    model.addAttribute(
        "fields",
        fields.stream()
            .map(ShownField.class::cast)
            .map(field -> field.with(typed(form, FIELD + field.name())))
            .toList());
    List<?> properties = (List<?>) Objects.requireNonNull(model.getAttribute("properties"));
    model.addAttribute(
        "properties",
        properties.stream()
            .map(Property.class::cast)
            .map(
                one ->
                    new Property(
                        one.name(), one.title(), one.type(), typed(form, METADATA + one.name())))
            .toList());
    model.addAttribute(OTHER, typed(form, OTHER));
  }

  /** The record in the JSON in which clients send it. */
  static Map<String, @Nullable Object> read(
      DatasetSettings settings, StoredRecord record, Map<String, String> form) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (Field field : settings.feedback().fields()) {
      String text = typed(form, FIELD + field.name());
      if (!text.isBlank()) {
        boolean structured = field instanceof ChatField || field instanceof CustomField;
        fields.put(field.name(), structured ? json(field.title(), text) : text);
      }
    }
    if (fields.isEmpty()) {
      throw RequestException.unprocessable("A record needs a field. Nothing was changed.");
    }
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    String other = typed(form, OTHER);
    if (!other.isBlank()) {
      if (!(json(OTHER, other) instanceof Map<?, ?> map)) {
        throw RequestException.unprocessable(
            "Other metadata must be a JSON object but is " + other + ".");
      }
      map.forEach((name, value) -> metadata.put(String.valueOf(name), value));
    }
    for (MetadataProperty property : settings.feedback().metadataProperties()) {
      String text = typed(form, METADATA + property.name()).strip();
      if (!text.isEmpty()) {
        metadata.put(property.name(), value(property, text));
      }
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", record.id());
    json.put("fields", fields);
    json.put("metadata", metadata);
    return json;
  }

  /** Browsers send every line break as two characters. */
  private static String typed(Map<String, String> form, String key) {
    return form.getOrDefault(key, "").replace("\r\n", "\n");
  }

  private static Object value(MetadataProperty property, String text) {
    try {
      if (property instanceof IntegerMetadataProperty) {
        return Long.valueOf(text);
      }
      if (property instanceof FloatMetadataProperty) {
        return Double.valueOf(text);
      }
    } catch (NumberFormatException e) {
      throw RequestException.unprocessable(
          "“%s” must be a number but is %s. Nothing was changed."
              .formatted(property.title(), text));
    }
    List<String> terms = text.lines().map(String::strip).filter(term -> !term.isEmpty()).toList();
    return terms.size() == 1 ? terms.get(0) : terms;
  }

  private static @Nullable Object json(String what, String text) {
    try {
      return Json.value(text);
    } catch (JacksonException | IllegalArgumentException e) {
      throw RequestException.unprocessable(
          "“%s” must be JSON and cannot be read: %s".formatted(what, e.getMessage()));
    }
  }
}
