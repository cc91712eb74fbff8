package org.attune.feedback.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.attune.data.Dataset;
import org.attune.data.InvalidInputException;
import org.attune.data.Row;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.settings.SettingsFormat;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The folder layout in which Argilla 1.x shares feedback datasets: {@code argilla.yaml} with the
 * settings, Parquet files with the records, and {@code README.md}.
 *
 * <p>Written in the newest form of the layout. Read in the older ones as well: {@code argilla.cfg}
 * in JSON, and answers as an object of lists. The layout has no place for record ids.
 */
public final class HubLayout {

  private static final String SETTINGS = "argilla.yaml";
  private static final String OLD_SETTINGS = "argilla.cfg";
  private static final String RECORDS = "data/train-00000-of-00001.parquet";

  private HubLayout() {}

  /**
   * Writes a dataset into a folder, over earlier files of the same names.
   *
   * @throws InvalidInputException if there are no records, or two columns would share a name
   */
  public static void write(
      FeedbackSettings settings, Collection<FeedbackRecord> feedback, Path folder) {
    if (feedback.isEmpty()) {
      throw new InvalidInputException(
          "The dataset has no records, and the layout cannot hold an empty one. Add records first.");
    }
    try {
      Path records = folder.resolve(RECORDS);
      Files.createDirectories(records.getParent());
      rows(settings, feedback).toParquet(records);
      Files.writeString(folder.resolve(SETTINGS), yaml(settings));
      Files.writeString(
          folder.resolve("README.md"),
          DatasetCard.of(settings, feedback.size()),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new HubFormatException(folder + " cannot be written: " + e + ".", e);
    }
  }

  /** The records as rows, with the columns of the layout. */
  public static Dataset rows(FeedbackSettings settings, Collection<FeedbackRecord> feedback) {
    HubColumns columns = new HubColumns(settings);
    return Dataset.fromRows(feedback.stream().map(columns::row).toList()).sql(columns.typedQuery());
  }

  private static String yaml(FeedbackSettings settings) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setAllowUnicode(true);
    return new Yaml(options).dump(SettingsFormat.write(settings));
  }

  /**
   * Builds plain values only. Some old files name Python classes for ids and kinds of question: an
   * id is dropped, a kind is the first argument of its class. Nothing of the name is ever loaded.
   */
  private static final class SettingsConstructor extends SafeConstructor {

    private static final String PYTHON_TAG = "tag:yaml.org,2002:python/";

    SettingsConstructor() {
      super(optionsWithPythonTags());
      yamlMultiConstructors.put(
          PYTHON_TAG,
          new AbstractConstruct() {
            @Override
            public @Nullable Object construct(Node node) {
              return node instanceof SequenceNode arguments
                      && !arguments.getValue().isEmpty()
                      && arguments.getValue().get(0) instanceof ScalarNode argument
                  ? argument.getValue()
                  : null;
            }
          });
    }

    private static LoaderOptions optionsWithPythonTags() {
      LoaderOptions options = new LoaderOptions();
      options.setTagInspector(tag -> tag.startsWith(PYTHON_TAG));
      return options;
    }
  }

  /**
   * Reads the records of one split of a folder.
   *
   * @param settings those of the folder
   * @param split such as {@code train}; null if there is only one
   * @throws HubFormatException if files are missing or damaged
   * @throws org.attune.feedback.validation.InvalidFeedbackException if rows are no records
   */
  public static List<FeedbackRecord> readRecords(
      FeedbackSettings settings, Path folder, @Nullable String split) {
    Dataset rows = Dataset.read(recordFiles(folder, split).toArray(Path[]::new));
    HubColumns columns = new HubColumns(settings);
    columns.requirePresent(rows.columnNames());
    Problems problems = Problems.none();
    List<FeedbackRecord> records;
    try (Stream<Row> all = rows.rows()) {
      records =
          all.map(row -> columns.record(row.values(), problems.at("row " + row.number()))).toList();
    }
    problems.throwIfAny("the records of " + folder);
    return records;
  }

  /**
   * Reads the settings of a folder.
   *
   * @throws HubFormatException if there are none
   * @throws org.attune.feedback.validation.InvalidFeedbackException if they break a rule
   */
  public static FeedbackSettings readSettings(Path folder) {
    Path yaml = folder.resolve(SETTINGS);
    Path old = folder.resolve(OLD_SETTINGS);
    try {
      if (Files.exists(yaml)) {
        Yaml parser = new Yaml(new SettingsConstructor());
        Object plain = parser.load(Files.readString(yaml));
        return SettingsFormat.read(yaml.toString(), plain);
      }
      if (Files.exists(old)) {
        return SettingsFormat.read(
            old.toString(), new ObjectMapper().readValue(old.toFile(), Map.class));
      }
    } catch (YAMLException e) {
      throw new HubFormatException(yaml + " is not valid YAML: " + e.getMessage(), e);
    } catch (JsonProcessingException e) {
      throw new HubFormatException(
          "%s line %d is not valid JSON: %s."
              .formatted(old, e.getLocation().getLineNr(), e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new HubFormatException(folder + " cannot be read: " + e + ".", e);
    }
    throw new HubFormatException(
        folder
            + " holds neither argilla.yaml nor argilla.cfg, so its questions are unknown. Check the"
            + " path; a plain table is read with Dataset.read.",
        null);
  }

  /**
   * The Parquet files of a split: {@code train-00000-of-00002.parquet} belongs to {@code train}.
   */
  private static List<Path> recordFiles(Path folder, @Nullable String split) {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder, 3)) {
      all = files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    } catch (IOException e) {
      throw new HubFormatException(folder + " cannot be read: " + e + ".", e);
    }
    TreeSet<String> splits = new TreeSet<>();
    all.forEach(file -> splits.add(splitOf(file)));
    if (all.isEmpty() || (split != null && !splits.contains(split))) {
      throw new HubFormatException(
          folder
              + (split == null ? " holds no .parquet file" : " has no split \"" + split + "\"")
              + "; its splits are "
              + splits
              + ". Check that the download is complete.",
          null);
    }
    if (split == null && splits.size() > 1) {
      throw new HubFormatException(
          folder + " has the splits " + splits + ". Name the one to read.", null);
    }
    return all.stream().filter(file -> split == null || splitOf(file).equals(split)).toList();
  }

  private static String splitOf(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.replaceFirst("(-\\d+-of-\\d+.*)?\\.parquet$", "");
  }
}
