package org.attune.run.yaml;

import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attune.run.ConfigurationProblem;
import org.attune.run.InvalidConfigurationException;
import org.attune.run.RunConfig;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Reads a configuration from YAML.
 *
 * <p>The schema is strict: an unknown key, a wrong type or a key given twice is a problem. All
 * problems of a file, those of the records' own rules included, are reported at once, each with its
 * place.
 *
 * @param <C> the kind of run
 */
public final class ConfigReader<C extends RunConfig> {
  private static final Pattern TAB_IN_INDENTATION = Pattern.compile("^ *\t");

  private final Class<C> type;
  private final String source;
  private final Schema schema;
  private final boolean mustNameData;
  private final Map<String, Given> given = new HashMap<>();
  private final List<Found> found = new ArrayList<>();

  /**
   * Where something stands.
   *
   * @param line counted from 1; that of the command line comes after all of the file
   */
  private record Place(String name, int line, int column) {
    static final Place COMMAND_LINE = new Place("--set", Integer.MAX_VALUE - 1, 0);
  }

  /** A value that the user gave. */
  private record Given(Node node, Place place) {}

  private record Found(ConfigurationProblem problem, Place place) {}

  private ConfigReader(Class<C> type, String source, boolean mustNameData) {
    this.mustNameData = mustNameData;
    this.type = type;
    this.source = source;
    this.schema = Schema.of(type);
  }

  /**
   * Reads {@code file}.
   *
   * @throws InvalidConfigurationException with all problems
   */
  public static <C extends RunConfig> C read(Path file, Class<C> type) {
    return read(file, type, List.of());
  }

  /**
   * Reads {@code file}, then replaces settings by {@code overrides}.
   *
   * @param overrides each {@code key=value}, the key a kebab-case path and the value YAML
   * @throws InvalidConfigurationException with all problems
   */
  public static <C extends RunConfig> C read(Path file, Class<C> type, List<String> overrides) {
    return parse(text(file), file.toString(), type, overrides);
  }

  /**
   * Reads the YAML text {@code yaml}, then replaces settings by {@code overrides}.
   *
   * @param source what problems call the text, such as the name of its file
   * @throws InvalidConfigurationException with all problems
   */
  public static <C extends RunConfig> C parse(
      String yaml, String source, Class<C> type, List<String> overrides) {
    var reader = new ConfigReader<>(type, source, true);
    reader.collect(yaml);
    overrides.forEach(reader::override);
    return reader.build();
  }

  /**
   * Reads {@code file} as {@link ConfigWriter} wrote it. Unlike a file by hand, it may lack what
   * Java code gave to the trainer itself, such as {@code data.train}.
   */
  public static <C extends RunConfig> C readWritten(Path file, Class<C> type) {
    var reader = new ConfigReader<>(type, file.toString(), false);
    reader.collect(text(file));
    return reader.build();
  }

  private static String text(Path file) {
    String rule;
    String fix;
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      rule = "does not exist";
      fix = "Check the path; a relative one starts at the current folder.";
    } catch (CharacterCodingException e) {
      rule = "is not UTF-8 text";
      fix = "Save it as UTF-8.";
    } catch (IOException e) {
      rule = "cannot be read (" + e.getMessage() + ")";
      fix = "Name a file that you may read.";
    }
    throw new InvalidConfigurationException(
        List.of(new ConfigurationProblem(file.toString(), null, rule, fix, null)));
  }

  private void collect(String yaml) {
    String withoutByteOrderMark = yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml;
    Node root;
    try {
      root = compose(withoutByteOrderMark);
    } catch (YAMLException e) {
      throw new InvalidConfigurationException(syntaxProblems(withoutByteOrderMark, e));
    }
    if (root instanceof MappingNode mapping) {
      collect("", mapping);
    } else if (root != null && !Values.isNull(root)) {
      note(
          place(root),
          "the file",
          Values.shown(root),
          "must consist of keys and values",
          "Start with run-dir: runs/first.");
    }
  }

  private static @Nullable Node compose(String yaml) {
    return new Yaml(new LoaderOptions()).compose(new StringReader(yaml));
  }

  private void collect(String prefix, MappingNode mapping) {
    Set<String> seen = new HashSet<>();
    for (NodeTuple entry : mapping.getValue()) {
      Node value = entry.getValueNode();
      Place keyPlace = place(entry.getKeyNode());
      String path =
          prefix
              + (entry.getKeyNode() instanceof ScalarNode key
                  ? key.getValue()
                  : Values.shown(entry.getKeyNode()));
      if (!seen.add(path)) {
        note(keyPlace, path, null, "is given twice", "Keep one of the two.");
      } else if (path.equals(Schema.VERSION_KEY)) {
        checkVersion(value);
      } else if (schema.isSection(path)) {
        collectSection(path, value);
      } else if (schema.setting(path) == null) {
        note(keyPlace, path, null, "is not a known key", schema.fixForUnknown(path));
      } else {
        given.put(path, new Given(value, place(value)));
      }
    }
  }

  private void collectSection(String path, Node value) {
    if (value instanceof MappingNode section) {
      collect(path + ".", section);
    } else if (!Values.isNull(value)) {
      note(
          place(value),
          path,
          Values.shown(value),
          "must be a section",
          "Write its keys below it, indented by two spaces.");
    }
  }

  private void checkVersion(Node value) {
    if (!Values.shown(value).equals(String.valueOf(Schema.VERSION))) {
      note(
          place(value),
          Schema.VERSION_KEY,
          Values.shown(value),
          "must be " + Schema.VERSION,
          "The file was written by another version of Attune; use that one to read it.");
    }
  }

  private void override(String override) {
    int equals = override.indexOf('=');
    String path = equals < 0 ? override : override.substring(0, equals);
    Place place = Place.COMMAND_LINE;
    if (equals < 0) {
      note(place, path, null, "has no value", "Write --set " + path + "=value.");
    } else if (schema.isSection(path)) {
      note(place, path, null, "is a section", "Set one of its keys: " + path + ".key=value.");
    } else if (schema.setting(path) == null) {
      note(place, path, null, "is not a known key", schema.fixForUnknown(path));
    } else {
      give(path, override.substring(equals + 1), place);
    }
  }

  private void give(String path, String value, Place place) {
    String fix = "Quote it for YAML inside the shell's quotes: '" + path + "=\"…\"'.";
    try {
      Node node = compose(value.isBlank() ? "null" : value);
      if (node == null) {
        note(place, path, value, "must be a YAML value", fix);
      } else {
        given.put(path, new Given(node, place));
      }
    } catch (YAMLException e) {
      note(place, path, value, "must be a YAML value", fix);
    }
  }

  private C build() {
    Object builder = newBuilder();
    Set<String> broken = new HashSet<>();
    for (Setting setting : schema.settings()) {
      String path = setting.path();
      Given value = given.get(path);
      String fixIfMissing = mustNameData ? setting.fixIfMissingInFile() : null;
      if (value != null) {
        try {
          setting.set(builder, Values.of(value.node(), setting));
        } catch (Values.MismatchException e) {
          broken.add(path);
          note(value.place(), path, Values.shown(value.node()), e.rule(), e.fix());
        }
      }
      if (fixIfMissing != null && (value == null || Values.isEmpty(value.node()))) {
        broken.add(path);
        note(value == null ? nowhere() : value.place(), path, null, "is missing", fixIfMissing);
      }
    }
    C config = built(builder, broken);
    if (config == null || !found.isEmpty()) {
      throw new InvalidConfigurationException(
          found.stream()
              .sorted(
                  Comparator.comparingInt((Found f) -> f.place().line())
                      .thenComparingInt(f -> f.place().column()))
              .map(Found::problem)
              .toList());
    }
    return config;
  }

  private Object newBuilder() {
    try {
      return type.getMethod("builder").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " lacks a builder", e);
    }
  }

  /** The record that {@code builder} makes, or null after noting which rules it breaks. */
  private @Nullable C built(Object builder, Set<String> broken) {
    try {
      return type.cast(builder.getClass().getMethod("build").invoke(builder));
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof InvalidConfigurationException invalid)) {
        throw new IllegalStateException("Cannot build " + type, e);
      }
      for (ConfigurationProblem problem : invalid.problems()) {
        if (!broken.contains(problem.key())) {
          Given value = given.get(problem.key());
          note(
              value == null ? nowhere() : value.place(),
              problem.key(),
              value == null ? problem.value() : Values.shown(value.node()),
              problem.rule(),
              problem.fix());
        }
      }
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot build " + type, e);
    }
  }

  private void note(Place place, String key, @Nullable String value, String rule, String fix) {
    found.add(new Found(new ConfigurationProblem(key, value, rule, fix, place.name()), place));
  }

  private Place place(Node node) {
    Mark mark = node.getStartMark();
    int line = mark.getLine() + 1;
    int column = mark.getColumn() + 1;
    return new Place(source + ":" + line + ":" + column, line, column);
  }

  /** For what is missing, and for defaults: after everything that has a place. */
  private Place nowhere() {
    return new Place(source, Integer.MAX_VALUE, 0);
  }

  /** All lines that are indented with tabs, or else the one place where YAML's reader gave up. */
  private List<ConfigurationProblem> syntaxProblems(String yaml, YAMLException e) {
    List<ConfigurationProblem> tabs = new ArrayList<>();
    String[] lines = yaml.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      Matcher tab = TAB_IN_INDENTATION.matcher(lines[i]);
      if (tab.find()) {
        String place = source + ":" + (i + 1) + ":" + tab.end();
        tabs.add(
            new ConfigurationProblem(
                "this line", null, "must not be indented with a tab", "Use two spaces.", place));
      }
    }
    if (!tabs.isEmpty()) {
      return tabs;
    }
    String place = source;
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (e instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      Mark mark = marked.getProblemMark();
      place = source + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
      reason = marked.getProblem();
    }
    return List.of(
        new ConfigurationProblem(
            "this place",
            null,
            "cannot be read as YAML (" + reason + ")",
            "Check indentation, colons, quotes and brackets here and just before.",
            place));
  }
}
