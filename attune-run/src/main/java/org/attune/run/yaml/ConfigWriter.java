package org.attune.run.yaml;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.run.RunConfig;
import org.jspecify.annotations.Nullable;

/** Writes a configuration with every default spelled out, always in the same order. */
public final class ConfigWriter {

  private ConfigWriter() {}

  /** {@code config} as YAML that {@link ConfigReader} reads back to an equal record. */
  public static String write(RunConfig config) {
    var yaml = new StringBuilder(Schema.VERSION_KEY + ": " + Schema.VERSION + "\n");
    String openSection = "";
    for (Setting setting : Schema.of(config.getClass()).settings()) {
      String path = setting.path();
      int dot = path.indexOf('.');
      String section = dot < 0 ? "" : path.substring(0, dot);
      if (!section.equals(openSection)) {
        yaml.append('\n').append(section).append(":\n");
        openSection = section;
      }
      String indent = dot < 0 ? "" : "  ";
      yaml.append(indent).append(path.substring(dot + 1)).append(':');
      appendValue(yaml, setting.valueIn(config), indent + "  ");
    }
    return yaml.toString();
  }

  private static void appendValue(StringBuilder yaml, @Nullable Object value, String indent) {
    if (value instanceof List<?> list && !list.isEmpty()) {
      yaml.append('\n');
      list.forEach(item -> yaml.append(indent).append("- ").append(inline(item)).append('\n'));
    } else if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      yaml.append('\n');
      map.forEach(
          (key, item) ->
              yaml.append(indent)
                  .append(inline(key))
                  .append(": ")
                  .append(inline(item))
                  .append('\n'));
    } else {
      yaml.append(' ').append(inline(value)).append('\n');
    }
  }

  /** The value on one line. */
  static String inline(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof String text) {
      return YamlText.text(text);
    }
    if (value instanceof Path path) {
      return YamlText.text(path.toString().replace(path.getFileSystem().getSeparator(), "/"));
    }
    if (value instanceof Enum<?> constant) {
      return Setting.kebab(constant.name());
    }
    if (value instanceof Double number) {
      // YAML 1.1 takes an exponent without a sign for a text.
      return number.toString().replaceFirst("E(?=[0-9])", "E+").replace('E', 'e');
    }
    if (value instanceof List<?> list) {
      return list.stream().map(ConfigWriter::inline).collect(joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> inline(entry.getKey()) + ": " + inline(entry.getValue()))
          .collect(joining(", ", "{", "}"));
    }
    return value.toString();
  }
}
