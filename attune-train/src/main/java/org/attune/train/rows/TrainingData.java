package org.attune.train.rows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attune.data.Dataset;
import org.attune.data.InvalidInputException;
import org.attune.data.Row;
import org.attune.data.hub.HubLocation;
import org.attune.run.DataConfig;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a run: those that are learned, and those that evaluation reads.
 *
 * @param train rows to learn from
 * @param eval rows to evaluate on, or null for none
 */
public record TrainingData(Dataset train, @Nullable Dataset eval) {
  private static final Pattern HOLE = Pattern.compile("\\{([^{}]+)}");

  /**
   * The given rows, with the columns, text and held-out share that a configuration asks for.
   *
   * @param location where those files are
   * @param train null for the files that the configuration names
   * @param eval null for the files that the configuration names, if any
   */
  public static TrainingData of(
      DataConfig config,
      HubLocation location,
      @Nullable Dataset train,
      @Nullable Dataset eval,
      long seed) {
    if (train == null && config.train().isEmpty()) {
      throw new InvalidInputException(
          "data.train names no file, and no dataset was given. Name one, or hand the trainer a Dataset.");
    }
    Dataset prepared = prepared(config, train == null ? trainingRows(config, location) : train);
    if (eval != null) {
      return new TrainingData(prepared, prepared(config, eval));
    }
    if (!config.eval().isEmpty()) {
      return new TrainingData(prepared, prepared(config, evaluationRows(config, location)));
    }
    if (config.evalShare() > 0) {
      Dataset.Split split = prepared.split(config.evalShare(), seed);
      return new TrainingData(split.train(), split.test());
    }
    return new TrainingData(prepared, null);
  }

  private static Dataset trainingRows(DataConfig config, HubLocation location) {
    return read(config.train(), location::trainingRows);
  }

  private static Dataset evaluationRows(DataConfig config, HubLocation location) {
    return read(config.eval(), location::evaluationRows);
  }

  private static Dataset read(List<Path> named, Function<String, List<Path>> files) {
    return Dataset.read(
        named.stream().flatMap(name -> files.apply(name.toString()).stream()).toArray(Path[]::new));
  }

  private static Dataset prepared(DataConfig config, Dataset rows) {
    Dataset renamed = rows;
    for (Map.Entry<String, String> column : config.columns().entrySet()) {
      renamed = renamed.rename(column.getKey(), column.getValue());
    }
    String template = config.formatTemplate();
    if (template != null) {
      return renamed.map(row -> Map.of("text", filled(template, row)));
    }
    return config.textField().equals("text") || !renamed.columnNames().contains(config.textField())
        ? renamed
        : renamed.rename(config.textField(), "text");
  }

  /**
   * The template with each {@code {column}} replaced by the row's value; an absent value is empty.
   */
  static String filled(String template, Row row) {
    Matcher hole = HOLE.matcher(template);
    return hole.replaceAll(
        match -> {
          Object value = row.get(match.group(1));
          return Matcher.quoteReplacement(value == null ? "" : value.toString());
        });
  }
}
