package org.attune.feedback.argilla;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/** Reads a body so that all of its problems, of form and of content, are reported at once. */
final class Reading {

  private Reading() {}

  static <T> T of(String subject, @Nullable Object body, Function<JsonBody, @Nullable T> reader) {
    Problems problems = Problems.none();
    T result = reader.apply(JsonBody.of("body", body, problems));
    problems.throwIfAny(subject);
    if (result == null) {
      throw new IllegalStateException("No problem was found in " + subject + ", and no value.");
    }
    return result;
  }

  /** What the constructor makes; null where it finds problems, which are added to the body's. */
  static <T> @Nullable T make(JsonBody body, Supplier<T> constructor) {
    try {
      return constructor.get();
    } catch (InvalidFeedbackException e) {
      body.problems().addNew(e);
      return null;
    }
  }

  /** Reports a text that is none of those known; another kind of value was reported before. */
  static void unknown(JsonBody body, String key, String known) {
    if (body.get(key) instanceof String) {
      body.problems().add(key, "must be " + known, body.get(key), "Correct the spelling.");
    }
  }

  /** The settings with what the patch mentions; their type stays. */
  static Map<String, @Nullable Object> patchSettings(
      Map<String, @Nullable Object> settings, JsonBody patch) {
    Object type = settings.get("type");
    if (!Objects.equals(type, patch.get("type"))) {
      patch
          .problems()
          .add("type", "must stay " + type, patch.get("type"), "Make a new one of that type.");
    }
    Map<String, @Nullable Object> changed = new LinkedHashMap<>(settings);
    for (String key : settings.keySet()) {
      if (patch.mentions(key) && !key.equals("type")) {
        changed.put(key, patch.get(key));
      }
    }
    return changed;
  }
}
