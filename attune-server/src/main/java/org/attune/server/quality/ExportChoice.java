package org.attune.server.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.attune.feedback.question.Question;
import org.attune.feedback.unify.UnificationStrategy;
import org.attune.server.curation.Selection;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.problem.SchemaException;
import org.springframework.util.MultiValueMap;

/**
 * What somebody asks an export for.
 *
 * @param unified whether each record has one answer to a question rather than everybody's
 * @param strategies how answers are unified, by question
 * @param task which rows {@link Format#TRAINING} gives
 * @param columns what fills the columns of the task, by their keys
 * @param selection which records
 * @param questions the names of those whose answers are wanted
 * @param userIds whose answers are wanted; empty for everybody's
 */
record ExportChoice(
    Format format,
    boolean unified,
    Map<String, UnificationStrategy> strategies,
    ExportTask task,
    Map<String, String> columns,
    Selection selection,
    Set<String> questions,
    Set<String> userIds) {

  private static final String STRATEGY = "strategy.";

  ExportChoice {
    strategies = Map.copyOf(strategies);
    columns = Map.copyOf(columns);
    questions = Set.copyOf(questions);
    userIds = Set.copyOf(userIds);
  }

  enum Format {
    JSONL,
    CSV,
    PARQUET,
    HUB,
    TRAINING;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads {@code format}, {@code answers} ({@code raw} or {@code unified}), {@code task}, for its
   * columns {@code task.COLUMN}, for a question {@code strategy.QUESTION}, any number of {@code
   * question} and {@code user}, and what a {@link Selection} is made of.
   *
   * @param responders from the name of everybody who answered to the id
   * @throws SchemaException with everything that cannot be
   */
  static ExportChoice of(
      MultiValueMap<String, String> parameters,
      DatasetSettings settings,
      Map<String, String> responders) {
    Map<String, String> query = parameters.toSingleValueMap();
    List<Question> all = settings.feedback().questions();
    List<SchemaException.Fault> faults = new ArrayList<>();
    Format format = format(query.getOrDefault("format", Format.JSONL.key()), faults);
    String answers = query.getOrDefault("answers", "raw");
    if (!answers.equals("raw") && !answers.equals("unified")) {
      faults.add(fault("answers", "must be raw or unified but was " + answers));
    }
    ExportTask task = task(query, faults);
    Map<String, UnificationStrategy> strategies = strategies(query, all, faults);
    Map<String, String> columns =
        format == Format.TRAINING ? columns(task, query, settings, faults) : Map.of();
    Set<String> questions = questions(parameters, format, all, faults);
    Set<String> users = new LinkedHashSet<>();
    for (String name : given(parameters, "user")) {
      String id = responders.containsValue(name) ? name : responders.get(name);
      if (id == null) {
        faults.add(fault("user", "must have answered something but was " + name));
      } else {
        users.add(id);
      }
    }
    if (!faults.isEmpty()) {
      throw new SchemaException(faults);
    }
    return new ExportChoice(
        format,
        answers.equals("unified"),
        strategies,
        task,
        columns,
        Selection.of(parameters, settings),
        questions,
        users);
  }

  private static List<String> given(MultiValueMap<String, String> parameters, String key) {
    return parameters.getOrDefault(key, List.of()).stream()
        .filter(value -> !value.isEmpty())
        .toList();
  }

  private static ExportTask task(Map<String, String> query, List<SchemaException.Fault> faults) {
    ExportTask usual = ExportTask.SUPERVISED_FINE_TUNING;
    String key = query.getOrDefault("task", usual.key());
    return ExportTask.of(key)
        .orElseGet(
            () -> {
              String all = keys(Arrays.stream(ExportTask.values()).map(ExportTask::key).toList());
              faults.add(fault("task", "must be one of " + all + " but was " + key));
              return usual;
            });
  }

  private static Map<String, String> columns(
      ExportTask task,
      Map<String, String> query,
      DatasetSettings settings,
      List<SchemaException.Fault> faults) {
    Map<String, String> columns = new HashMap<>();
    for (ExportColumn column : task.columns()) {
      List<String> choices = column.choices(settings.feedback());
      String key = "task." + column.key();
      String usual = choices.size() > column.usual() ? choices.get(column.usual()) : "";
      String name = query.getOrDefault(key, "").isEmpty() ? usual : query.get(key);
      if (choices.contains(name)) {
        columns.put(column.key(), name);
      } else {
        faults.add(
            fault(
                key, "must be one of " + choices + ", of which rows can be made, but was " + name));
      }
    }
    return columns;
  }

  /** Rows to train on and the layout of hubs are made of whole datasets. */
  private static Set<String> questions(
      MultiValueMap<String, String> parameters,
      Format format,
      List<Question> all,
      List<SchemaException.Fault> faults) {
    Set<String> names = all.stream().map(Question::name).collect(Collectors.toSet());
    List<String> given = given(parameters, "question");
    if (given.isEmpty() || format == Format.HUB || format == Format.TRAINING) {
      return names;
    }
    given.stream()
        .filter(name -> !names.contains(name))
        .forEach(
            name -> faults.add(fault("question", "names no question of the dataset: " + name)));
    return new LinkedHashSet<>(given);
  }

  private static Format format(String key, List<SchemaException.Fault> faults) {
    List<Format> formats = List.of(Format.values());
    return formats.stream()
        .filter(format -> format.key().equals(key))
        .findFirst()
        .orElseGet(
            () -> {
              String all = keys(formats.stream().map(Format::key).toList());
              faults.add(fault("format", "must be one of " + all + " but was " + key));
              return Format.JSONL;
            });
  }

  private static Map<String, UnificationStrategy> strategies(
      Map<String, String> query, List<Question> questions, List<SchemaException.Fault> faults) {
    Map<String, UnificationStrategy> strategies = new HashMap<>();
    for (Question question : questions) {
      String key = query.getOrDefault(STRATEGY + question.name(), "");
      List<UnificationStrategy> known = UnificationStrategy.forQuestion(question);
      try {
        if (!key.isEmpty()) {
          strategies.put(question.name(), UnificationStrategy.of(question, key));
        } else if (!known.isEmpty()) {
          strategies.put(question.name(), known.get(0));
        }
      } catch (IllegalArgumentException e) {
        faults.add(fault(STRATEGY + question.name(), String.valueOf(e.getMessage())));
      }
    }
    query.keySet().stream()
        .filter(key -> key.startsWith(STRATEGY))
        .map(key -> key.substring(STRATEGY.length()))
        .filter(name -> questions.stream().noneMatch(question -> question.name().equals(name)))
        .forEach(name -> faults.add(fault(STRATEGY + name, "names no question of the dataset")));
    return strategies;
  }

  private static String keys(List<String> keys) {
    return keys.stream().collect(Collectors.joining(", "));
  }

  private static SchemaException.Fault fault(String parameter, String message) {
    return new SchemaException.Fault(List.of("query", parameter), message, "value_error");
  }
}
