package org.attune.feedback.argilla;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.attune.feedback.question.Question;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.jspecify.annotations.Nullable;

/**
 * A change of a question that leaves its answers valid: of its title and description, of the texts,
 * descriptions and order of its options.
 */
public final class QuestionPatch {

  private static final String OPTIONS = "options";
  private static final String OVERLAPPING = "allow_overlapping";

  private QuestionPatch() {}

  /**
   * The question after the change; other keys than title, description and settings are ignored.
   *
   * @throws InvalidFeedbackException if the body breaks a rule, or would invalidate answers
   */
  public static Question apply(Question question, @Nullable Object body) {
    return Reading.of(
        "the question \"" + question.name() + "\"", body, patch -> apply(question, patch));
  }

  private static @Nullable Question apply(Question question, JsonBody patch) {
    patch.refuseNull("title", "settings");
    Map<String, @Nullable Object> changed = QuestionJson.write(question);
    if (patch.has("title")) {
      changed.put("title", patch.get("title"));
    }
    if (patch.mentions("description")) {
      changed.put("description", patch.get("description"));
    }
    if (patch.has("settings")) {
      changed.put("settings", settings(question, patch.object("settings")));
    }
    return QuestionJson.read(JsonBody.of("body", changed, patch.problems()));
  }

  private static Map<String, @Nullable Object> settings(Question question, JsonBody patch) {
    patch.refuseNull(
        OPTIONS,
        OVERLAPPING,
        "use_markdown",
        "options_order",
        "field",
        "allow_character_annotation");
    Map<String, @Nullable Object> before = QuestionJson.settings(question);
    Map<String, @Nullable Object> after = Reading.patchSettings(before, patch);
    if (patch.mentions(OPTIONS)) {
      checkOptions(question, before.get(OPTIONS), after.get(OPTIONS), patch);
    }
    if (Boolean.TRUE.equals(before.get(OVERLAPPING))
        && Boolean.FALSE.equals(after.get(OVERLAPPING))) {
      patch
          .problems()
          .add(OVERLAPPING, "must stay true", false, "Spans may overlap already; keep it.");
    }
    if (!String.valueOf(before.get("field")).equals(String.valueOf(after.get("field")))) {
      patch.problems().add("field", "must stay the same", after.get("field"), "Leave it out.");
    }
    return after;
  }

  private static void checkOptions(
      Question question, @Nullable Object before, @Nullable Object after, JsonBody patch) {
    boolean fixed = question.type().equals("rating") || question.type().equals("ranking");
    boolean same =
        fixed
            ? values(before).equals(values(after))
            : values(before).size() == values(after).size()
                && new HashSet<>(values(before)).equals(new HashSet<>(values(after)));
    if (!same) {
      patch
          .problems()
          .add(
              OPTIONS,
              fixed ? "must stay the same" : "must keep their values",
              values(after),
              "Make a new question for other options. The values are " + values(before) + ".");
    }
  }

  private static List<Object> values(@Nullable Object options) {
    return options instanceof List<?> list
        ? list.stream()
            .<Object>map(
                option ->
                    option instanceof Map<?, ?> map ? String.valueOf(map.get("value")) : "nothing")
            .toList()
        : List.of();
  }
}
