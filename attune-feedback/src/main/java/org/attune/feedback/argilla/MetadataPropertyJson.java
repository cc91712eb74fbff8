package org.attune.feedback.argilla;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.feedback.field.FloatMetadataProperty;
import org.attune.feedback.field.IntegerMetadataProperty;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.jspecify.annotations.Nullable;

/** Metadata properties: {@code {"name", "title", "settings", "visible_for_annotators"}}. */
public final class MetadataPropertyJson {

  private MetadataPropertyJson() {}

  public static Map<String, @Nullable Object> write(MetadataProperty property) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("name", property.name());
    body.put("title", property.title());
    body.put("settings", settings(property));
    body.put("visible_for_annotators", property.visibleForAnnotators());
    return body;
  }

  /** What depends on the kind of property, as under the key {@code settings}. */
  public static Map<String, @Nullable Object> settings(MetadataProperty property) {
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    settings.put("type", property.type());
    if (property instanceof TermsMetadataProperty terms) {
      settings.put("values", terms.values().isEmpty() ? null : terms.values());
    } else if (property instanceof IntegerMetadataProperty integer) {
      settings.put("min", integer.min());
      settings.put("max", integer.max());
    } else if (property instanceof FloatMetadataProperty floating) {
      settings.put("min", floating.min());
      settings.put("max", floating.max());
    }
    return settings;
  }

  /**
   * Reads a property; annotators see it unless the body says otherwise.
   *
   * @throws InvalidFeedbackException if the body breaks a rule
   */
  public static MetadataProperty read(@Nullable Object body) {
    return Reading.of("the metadata property", body, MetadataPropertyJson::read);
  }

  private static @Nullable MetadataProperty read(JsonBody body) {
    String name = body.text("name");
    String title = body.text("title");
    boolean visible = body.flag("visible_for_annotators", true);
    JsonBody settings = body.object("settings");
    String type = settings.text("type");
    return switch (type) {
      case "terms" -> {
        List<String> values = values(settings);
        yield Reading.make(body, () -> new TermsMetadataProperty(name, title, visible, values));
      }
      case "integer" -> {
        Long min = settings.whole("min");
        Long max = settings.whole("max");
        yield Reading.make(body, () -> new IntegerMetadataProperty(name, title, visible, min, max));
      }
      case "float" -> {
        Double min = settings.number("min");
        Double max = settings.number("max");
        yield Reading.make(body, () -> new FloatMetadataProperty(name, title, visible, min, max));
      }
      default -> {
        Reading.unknown(settings, "type", "terms, integer or float");
        yield null;
      }
    };
  }

  private static List<String> values(JsonBody settings) {
    List<String> values = new ArrayList<>();
    for (Object value : settings.list("values")) {
      if (value instanceof String text) {
        values.add(text);
      } else {
        settings.problems().add("values", "must be texts", value, "Correct the request.");
      }
    }
    if (settings.has("values") && settings.list("values").isEmpty()) {
      settings.problems().add("values", "must be 1 to 250", 0, "Leave them out for any term.");
    }
    return values;
  }

  /**
   * The property after a change of its title or of who sees it; other keys are ignored.
   *
   * @throws InvalidFeedbackException if the body breaks a rule
   */
  public static MetadataProperty patch(MetadataProperty property, @Nullable Object body) {
    return Reading.of(
        "the metadata property \"" + property.name() + "\"",
        body,
        patch -> {
          patch.refuseNull("title", "visible_for_annotators");
          Map<String, @Nullable Object> changed = write(property);
          for (String key : new String[] {"title", "visible_for_annotators"}) {
            if (patch.has(key)) {
              changed.put(key, patch.get(key));
            }
          }
          return read(JsonBody.of("body", changed, patch.problems()));
        });
  }
}
