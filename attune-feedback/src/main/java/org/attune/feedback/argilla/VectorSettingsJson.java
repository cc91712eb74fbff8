package org.attune.feedback.argilla;

import java.util.LinkedHashMap;
import java.util.Map;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.jspecify.annotations.Nullable;

/** Vectors: {@code {"name", "title", "dimensions"}}. */
public final class VectorSettingsJson {

  private VectorSettingsJson() {}

  public static Map<String, @Nullable Object> write(VectorSettings vector) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("name", vector.name());
    body.put("title", vector.title());
    body.put("dimensions", vector.dimensions());
    return body;
  }

  /**
   * Reads the settings of a vector.
   *
   * @throws InvalidFeedbackException if the body breaks a rule
   */
  public static VectorSettings read(@Nullable Object body) {
    return Reading.of("the vector", body, VectorSettingsJson::read);
  }

  private static @Nullable VectorSettings read(JsonBody body) {
    String name = body.text("name");
    String title = body.text("title");
    Integer dimensions = body.wholeInt("dimensions");
    return Reading.make(
        body, () -> new VectorSettings(name, title, dimensions == null ? 0 : dimensions));
  }

  /**
   * The settings after a change of their title; other keys are ignored.
   *
   * @throws InvalidFeedbackException if the body breaks a rule
   */
  public static VectorSettings patch(VectorSettings vector, @Nullable Object body) {
    return Reading.of(
        "the vector \"" + vector.name() + "\"",
        body,
        patch -> {
          patch.refuseNull("title");
          Map<String, @Nullable Object> changed = write(vector);
          if (patch.has("title")) {
            changed.put("title", patch.get("title"));
          }
          return read(JsonBody.of("body", changed, patch.problems()));
        });
  }
}
