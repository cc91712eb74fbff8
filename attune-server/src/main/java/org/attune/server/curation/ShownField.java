package org.attune.server.curation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.feedback.field.Field;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.json.Json;
import org.attune.server.record.StoredRecord;
import org.jspecify.annotations.Nullable;

/**
 * A field of a record as pages show it.
 *
 * @param text what a person wrote, or JSON where the value is none
 * @param turns who said what, in a chat
 */
public record ShownField(
    String name, String title, String type, boolean required, String text, List<Turn> turns) {

  private static final int LONGEST_EXCERPT = 160;

  public ShownField {
    turns = List.copyOf(turns);
  }

  /** What one side of a chat said at once. */
  public record Turn(String role, String content) {}

  /** The fields that a record has, in the order of the dataset. */
  public static List<ShownField> of(DatasetSettings settings, StoredRecord record) {
    return all(settings, record).stream().filter(field -> !field.text().isEmpty()).toList();
  }

  /** Every field of the dataset; those that the record lacks are empty. */
  static List<ShownField> all(DatasetSettings settings, StoredRecord record) {
    List<ShownField> shown = new ArrayList<>();
    for (Field field : settings.feedback().fields()) {
      Object value = record.fields().get(field.name());
      shown.add(
          new ShownField(
              field.name(),
              field.title(),
              field.type(),
              field.required(),
              text(value),
              turns(value)));
    }
    return shown;
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value instanceof String words ? words : Json.write(value);
  }

  private static List<Turn> turns(@Nullable Object value) {
    List<Turn> turns = new ArrayList<>();
    if (value instanceof List<?> messages) {
      for (Object message : messages) {
        if (message instanceof Map<?, ?> turn && turn.get("content") != null) {
          turns.add(
              new Turn(String.valueOf(turn.get("role")), String.valueOf(turn.get("content"))));
        }
      }
    }
    return turns;
  }

  /** The same field with another text. */
  ShownField with(String other) {
    return new ShownField(name, title, type, required, other, turns);
  }

  /** The beginning, for lists. */
  public String excerpt() {
    int end =
        text.offsetByCodePoints(
            0, Math.min(LONGEST_EXCERPT, text.codePointCount(0, text.length())));
    return end == text.length() ? text : text.substring(0, end) + "…";
  }
}
