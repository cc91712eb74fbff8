package org.attune.server.question;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.attune.feedback.argilla.QuestionJson;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.Setting;
import org.attune.server.dataset.SettingTable;
import org.attune.server.dataset.Versions;
import org.attune.server.json.Body;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Adds, reorders and retires questions and options of a published dataset. Answers stay as they
 * are, so what is added is optional, and what is retired is only asked no more.
 */
@RestController
@RequestMapping("/api/attune/datasets/{id}/questions")
final class QuestionRoutes {

  private static final String OPTIONS = "options";
  private static final int MOST_QUESTIONS = 1000;

  private final Database database;

  QuestionRoutes(Database database) {
    this.database = database;
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, @Nullable Object> add(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    Question question = SettingTable.QUESTIONS.parse(body);
    if (question.required()) {
      throw RequestException.unprocessable(
          "The question `"
              + question.name()
              + "` must be optional, since records may be completed already."
              + " Leave out required.");
    }
    return json(
        change(
            sender,
            id,
            (transaction, dataset) -> SettingTable.QUESTIONS.add(transaction, dataset, question)));
  }

  /** Gives the questions another order: {@code {"ids": […]}} with each of them once. */
  @PutMapping("/order")
  Map<String, Object> reorder(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    List<?> ids = body.get("ids") instanceof List<?> list ? list : List.of();
    return change(
        sender,
        id,
        (transaction, dataset) -> {
          List<String> known =
              SettingTable.QUESTIONS.of(transaction, id).stream().map(Setting::id).toList();
          if (ids.size() != known.size() || !new HashSet<Object>(ids).equals(Set.copyOf(known))) {
            throw RequestException.unprocessable(
                "ids must be those of all questions, each once: " + known + " but was " + ids);
          }
          SettingTable.QUESTIONS.reorder(
              transaction, id, ids.stream().map(String::valueOf).toList());
          return Map.of(
              "items",
              SettingTable.QUESTIONS.of(transaction, id).stream()
                  .map(QuestionRoutes::json)
                  .toList());
        });
  }

  /**
   * Replaces the options: {@code {"options": […]}}. Those left out are retired; answers that have
   * one keep it. A rating and a ranking keep theirs, since every answer is about all of them.
   */
  @PutMapping("/{questionId}/options")
  Map<String, @Nullable Object> options(
      SignedIn sender,
      @PathVariable String id,
      @PathVariable String questionId,
      @RequestBody Map<String, @Nullable Object> json) {
    Body body = Body.of(json);
    body.objects(OPTIONS, 1, MOST_QUESTIONS);
    body.check();
    return json(
        change(
            sender,
            id,
            (transaction, dataset) -> {
              Setting<Question> question =
                  SettingTable.QUESTIONS.get(transaction, dataset, questionId);
              Map<String, @Nullable Object> changed = QuestionJson.write(question.value());
              Map<String, @Nullable Object> settings =
                  new LinkedHashMap<>(QuestionJson.settings(question.value()));
              requireFree(question.value(), settings);
              settings.put(OPTIONS, json.get(OPTIONS));
              changed.put("settings", settings);
              return SettingTable.QUESTIONS.update(
                  transaction, question, SettingTable.QUESTIONS.parse(changed));
            }));
  }

  private static void requireFree(Question question, Map<String, @Nullable Object> settings) {
    if (question instanceof RatingQuestion
        || question instanceof RankingQuestion
        || !settings.containsKey(OPTIONS)) {
      throw RequestException.unprocessable(
          "The options of the question `"
              + question.name()
              + "` cannot be changed, because it is of type "
              + question.type()
              + ". Retire it and add another.");
    }
  }

  @DeleteMapping("/{questionId}")
  Map<String, @Nullable Object> retire(
      SignedIn sender, @PathVariable String id, @PathVariable String questionId) {
    return json(
        change(
            sender,
            id,
            (transaction, dataset) -> {
              Setting<Question> question =
                  SettingTable.QUESTIONS.get(transaction, dataset, questionId);
              Versions.retire(transaction, dataset, questionId);
              return question;
            }));
  }

  /** Makes a change of a published dataset, and keeps the version that it leads to. */
  private <T> T change(SignedIn sender, String id, BiFunction<Transaction, Dataset, T> change) {
    return database.write(
        transaction -> {
          Dataset dataset = DatasetAccess.managed(transaction, sender, id);
          if (!dataset.ready()) {
            throw RequestException.unprocessable(
                "The dataset is a draft. Change its questions under /api/v1/.");
          }
          T changed = change.apply(transaction, dataset);
          Versions.keep(transaction, id, sender.user().id());
          return changed;
        });
  }

  private static Map<String, @Nullable Object> json(Setting<Question> question) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", question.id());
    json.putAll(SettingTable.QUESTIONS.json(question.value()));
    return json;
  }
}
