package org.attune.server.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.attune.feedback.question.Question;
import org.attune.feedback.unify.UnificationStrategy;
import org.attune.server.problem.SchemaException;

/**
 * What somebody asks an export for.
 *
 * @param unified whether each record has one answer to a question rather than everybody's
 * @param strategies how answers are unified, by question
 * @param task which rows {@link Format#TRAINING} gives
 */
record ExportChoice(
    Format format, boolean unified, Map<String, UnificationStrategy> strategies, ExportTask task) {

  private static final String STRATEGY = "strategy.";

  ExportChoice {
    strategies = Map.copyOf(strategies);
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
   * Reads {@code format}, {@code answers} ({@code raw} or {@code unified}), {@code task}, and for a
   * question {@code strategy.QUESTION}.
   *
   * @throws SchemaException with everything that cannot be
   */
  static ExportChoice of(Map<String, String> query, List<Question> questions) {
    List<SchemaException.Fault> faults = new ArrayList<>();
    Format format = format(query.getOrDefault("format", Format.JSONL.key()), faults);
    String answers = query.getOrDefault("answers", "raw");
    if (!answers.equals("raw") && !answers.equals("unified")) {
      faults.add(fault("answers", "must be raw or unified but was " + answers));
    }
    ExportTask task = ExportTask.SUPERVISED_FINE_TUNING;
    Optional<ExportTask> known = ExportTask.of(query.getOrDefault("task", task.key()));
    if (known.isEmpty()) {
      faults.add(
          fault(
              "task",
              "must be one of "
                  + keys(Arrays.stream(ExportTask.values()).map(ExportTask::key).toList())
                  + " but was "
                  + query.get("task")));
    }
    Map<String, UnificationStrategy> strategies = strategies(query, questions, faults);
    if (!faults.isEmpty()) {
      throw new SchemaException(faults);
    }
    return new ExportChoice(format, answers.equals("unified"), strategies, known.orElse(task));
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
