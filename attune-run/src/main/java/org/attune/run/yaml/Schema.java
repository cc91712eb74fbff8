package org.attune.run.yaml;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.attune.run.RunConfig;
import org.attune.run.Section;
import org.jspecify.annotations.Nullable;

/**
 * All keys of one kind of run, derived from its record: there is no second list to keep in step.
 */
final class Schema {
  static final int VERSION = 1;
  static final String VERSION_KEY = "schema-version";

  private final Map<String, Setting> settings = new LinkedHashMap<>();
  private final Set<String> sections = new LinkedHashSet<>();

  private Schema(Class<? extends RunConfig> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getType().isRecord()) {
        String section = Setting.kebab(component.getName());
        for (RecordComponent inner : component.getType().getRecordComponents()) {
          add(section, component, inner);
        }
      } else if (isShared(component)) {
        String path = Setting.kebab(component.getName());
        settings.put(path, new Setting(path, null, component));
      } else {
        add(type.getAnnotation(Section.class).value(), null, component);
      }
    }
  }

  static Schema of(Class<? extends RunConfig> type) {
    return new Schema(type);
  }

  private void add(String section, @Nullable RecordComponent owner, RecordComponent component) {
    sections.add(section);
    String path = section + "." + Setting.kebab(component.getName());
    settings.put(path, new Setting(path, owner, component));
  }

  private static boolean isShared(RecordComponent component) {
    try {
      RunConfig.class.getMethod(component.getName());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  Collection<Setting> settings() {
    return Collections.unmodifiableCollection(settings.values());
  }

  @Nullable Setting setting(String path) {
    return settings.get(path);
  }

  boolean isSection(String path) {
    return sections.contains(path);
  }

  /** Helps with the unknown key {@code path}: the nearest known key, or the keys of its section. */
  String fixForUnknown(String path) {
    int tolerance = Math.max(2, path.length() / 3);
    List<String> known = new ArrayList<>(settings.keySet());
    known.addAll(sections);
    String nearest =
        Collections.min(known, Comparator.comparingInt(candidate -> distance(path, candidate)));
    if (distance(path, nearest) <= tolerance) {
      return "Did you mean " + nearest + "?";
    }
    String section = path.contains(".") ? path.substring(0, path.indexOf('.')) : "";
    return settings.keySet().stream()
        .filter(key -> isSection(section) ? key.startsWith(section + ".") : true)
        .map(key -> isSection(section) ? key.substring(section.length() + 1) : topLevel(key))
        .distinct()
        .collect(
            Collectors.joining(
                ", ", "Known keys" + (isSection(section) ? " of " + section : "") + ": ", "."));
  }

  private static String topLevel(String path) {
    return path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
  }

  /** Edit distance; a key that only stands in the wrong section is as near as one typing error. */
  private static int distance(String typed, String known) {
    boolean sameKeyElsewhere =
        typed
            .substring(typed.lastIndexOf('.') + 1)
            .equals(known.substring(known.lastIndexOf('.') + 1));
    return sameKeyElsewhere ? 1 : editDistance(typed, known);
  }

  /** Levenshtein's distance: the fewest insertions, deletions and replacements of characters. */
  private static int editDistance(String from, String to) {
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] current = new int[to.length() + 1];
      current[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[to.length()];
  }
}
