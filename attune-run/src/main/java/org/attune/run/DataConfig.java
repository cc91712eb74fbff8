package org.attune.run;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a run learns from: the section {@code data}.
 *
 * @param train files with the training rows (for PPO: the prompts); default none, for code that
 *     hands a dataset to the trainer
 * @param eval files with the rows for evaluation; default none
 * @param evalShare share of the training rows that is held out for evaluation, in [0, 1); default
 *     0; not together with {@code eval}
 * @param formatTemplate text that is made of each row, with {@code {column}} where a column's value
 *     goes; null, the default, uses the rows as they are
 * @param textField column that holds the text of a language-modeling row; default {@code text}
 * @param columns columns to rename, old name to new name; default none
 */
public record DataConfig(
    @RequiredInFile("Name one or more files, such as data/train.jsonl.") List<Path> train,
    List<Path> eval,
    double evalShare,
    @Nullable String formatTemplate,
    String textField,
    Map<String, String> columns) {
  private static final Pattern HOLE = Pattern.compile("\\{[^{}]+}");

  public DataConfig {
    train = List.copyOf(train);
    eval = List.copyOf(eval);
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    var rules = Rules.ofSection("data");
    rules.check(
        evalShare >= 0 && evalShare < 1,
        "eval-share",
        evalShare,
        "must be in [0, 1)",
        "0.05 holds out every twentieth row.");
    rules.check(
        eval.isEmpty() || evalShare == 0,
        "eval-share",
        evalShare,
        "must be 0 when data.eval names files",
        "Remove one of the two.");
    rules.check(
        formatTemplate == null || HOLE.matcher(formatTemplate).find(),
        "format-template",
        formatTemplate,
        "must have at least one {column} in braces",
        "Write for instance \"Question: {question}\\nAnswer: {answer}\".");
    rules.check(
        !textField.isBlank(),
        "text-field",
        "\"" + textField + "\"",
        "must not be blank",
        "Name a column, such as text.");
    rules.check(
        columns.keySet().stream().noneMatch(String::isBlank)
            && columns.values().stream().noneMatch(String::isBlank),
        "columns",
        columns,
        "must have a name on both sides",
        "Write old-name: new-name.");
    rules.check(
        columns.values().stream().distinct().count() == columns.size(),
        "columns",
        columns,
        "must give each column a name of its own",
        "Rename each old column to a different new name.");
    rules.throwIfBroken();
  }

  /** A builder that starts at the documented defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts at these settings. */
  public Builder toBuilder() {
    return new Builder()
        .train(train)
        .eval(eval)
        .evalShare(evalShare)
        .formatTemplate(formatTemplate)
        .textField(textField)
        .columns(columns);
  }

  /** Builds a {@link DataConfig}. */
  public static final class Builder {
    private List<Path> train = List.of();
    private List<Path> eval = List.of();
    private double evalShare;
    private @Nullable String formatTemplate;
    private String textField = "text";
    private Map<String, String> columns = Map.of();

    private Builder() {}

    public Builder train(Path... train) {
      return train(List.of(train));
    }

    public Builder train(List<Path> train) {
      this.train = train;
      return this;
    }

    public Builder eval(Path... eval) {
      return eval(List.of(eval));
    }

    public Builder eval(List<Path> eval) {
      this.eval = eval;
      return this;
    }

    public Builder evalShare(double evalShare) {
      this.evalShare = evalShare;
      return this;
    }

    public Builder formatTemplate(@Nullable String formatTemplate) {
      this.formatTemplate = formatTemplate;
      return this;
    }

    public Builder textField(String textField) {
      this.textField = textField;
      return this;
    }

    public Builder columns(Map<String, String> columns) {
      this.columns = columns;
      return this;
    }

    /**
     * Checks the settings and makes the record of them.
     *
     * @throws InvalidConfigurationException with all broken rules
     */
    public DataConfig build() {
      return new DataConfig(train, eval, evalShare, formatTemplate, textField, columns);
    }
  }
}
