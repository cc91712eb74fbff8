package org.attune.run.yaml;

import java.util.List;
import java.util.Objects;
import org.attune.run.RunConfig;

/**
 * A setting in which two configurations of the same kind differ.
 *
 * @param key kebab-case path
 * @param before its value in the first configuration, as in YAML
 * @param after its value in the second one
 */
public record ConfigDifference(String key, String before, String after) {

  /** All settings in which {@code before} and {@code after} differ, in the order of the file. */
  public static <C extends RunConfig> List<ConfigDifference> between(C before, C after) {
    return Schema.of(before.getClass()).settings().stream()
        .filter(setting -> !Objects.equals(setting.valueIn(before), setting.valueIn(after)))
        .map(
            setting ->
                new ConfigDifference(
                    setting.path(),
                    ConfigWriter.inline(setting.valueIn(before)),
                    ConfigWriter.inline(setting.valueIn(after))))
        .toList();
  }

  @Override
  public String toString() {
    return key + ": " + before + " → " + after;
  }
}
