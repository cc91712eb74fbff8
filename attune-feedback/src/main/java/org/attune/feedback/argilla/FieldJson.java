package org.attune.feedback.argilla;

import java.util.LinkedHashMap;
import java.util.Map;
import org.attune.feedback.field.ChatField;
import org.attune.feedback.field.CustomField;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.ImageField;
import org.attune.feedback.field.TextField;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.jspecify.annotations.Nullable;

/** Fields: {@code {"name", "title", "required", "settings": {"type", …}}}. */
public final class FieldJson {

  private FieldJson() {}

  public static Map<String, @Nullable Object> write(Field field) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("name", field.name());
    body.put("title", field.title());
    body.put("required", field.required());
    body.put("settings", settings(field));
    return body;
  }

  /** What depends on the kind of field, as under the key {@code settings}. */
  public static Map<String, @Nullable Object> settings(Field field) {
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    settings.put("type", field.type());
    if (field instanceof TextField text) {
      settings.put("use_markdown", text.useMarkdown());
    } else if (field instanceof ChatField chat) {
      settings.put("use_markdown", chat.useMarkdown());
    } else if (field instanceof CustomField custom) {
      settings.put("template", custom.template());
      settings.put("advanced_mode", custom.advancedMode());
    }
    return settings;
  }

  /**
   * Reads a field; it is not required unless the body says so.
   *
   * @throws InvalidFeedbackException if the body breaks a rule
   */
  public static Field read(@Nullable Object body) {
    return Reading.of("the field", body, FieldJson::read);
  }

  private static @Nullable Field read(JsonBody body) {
    String name = body.text("name");
    String title = body.text("title");
    boolean required = body.flag("required", false);
    JsonBody settings = body.object("settings");
    String type = settings.text("type");
    return switch (type) {
      case "text" ->
          Reading.make(
              body,
              () -> new TextField(name, title, required, settings.flag("use_markdown", false)));
      case "image" -> Reading.make(body, () -> new ImageField(name, title, required));
      case "chat" ->
          Reading.make(
              body,
              () -> new ChatField(name, title, required, settings.flag("use_markdown", true)));
      case "custom" -> {
        String template = settings.text("template");
        boolean advanced = settings.flag("advanced_mode", false);
        yield Reading.make(body, () -> new CustomField(name, title, required, template, advanced));
      }
      default -> {
        Reading.unknown(settings, "type", "text, image, chat or custom");
        yield null;
      }
    };
  }

  /**
   * The field after a change of its title or settings; other keys are ignored.
   *
   * @throws InvalidFeedbackException if the body breaks a rule, or asks for another kind of field
   */
  public static Field patch(Field field, @Nullable Object body) {
    return Reading.of("the field \"" + field.name() + "\"", body, patch -> patch(field, patch));
  }

  private static @Nullable Field patch(Field field, JsonBody patch) {
    patch.refuseNull("title", "settings");
    Map<String, @Nullable Object> changed = write(field);
    if (patch.has("title")) {
      changed.put("title", patch.get("title"));
    }
    if (patch.has("settings")) {
      changed.put("settings", Reading.patchSettings(settings(field), patch.object("settings")));
    }
    return read(JsonBody.of("body", changed, patch.problems()));
  }
}
