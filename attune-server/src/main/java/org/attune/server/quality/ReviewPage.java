package org.attune.server.quality;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.attune.feedback.argilla.AnswerJson;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.feedback.validation.Problems;
import org.attune.server.access.SignedIn;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspaces;
import org.attune.server.builder.QuestionView;
import org.attune.server.curation.ShownField;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.json.Json;
import org.attune.server.page.Page;
import org.attune.server.problem.RequestException;
import org.attune.server.record.Records;
import org.attune.server.record.Responses;
import org.attune.server.record.StoredRecord;
import org.attune.server.record.StoredResponse;
import org.attune.server.search.Hits;
import org.attune.server.search.Search;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Annotators' answers to one record side by side, and the final ones a reviewer gives. */
@Page
@RequestMapping("/dataset/{id}/review")
final class ReviewPage {

  private final Database database;
  private final Search search;

  ReviewPage(Database database, Search search) {
    this.database = database;
    this.search = search;
  }

  /**
   * A question with what was answered.
   *
   * @param answers from the name of a person to the answer in words; persons without one are left
   *     out
   * @param last the final answer in words, or null
   * @param canOverride whether the reviewer can give another answer than those there are
   */
  record Row(
      QuestionView view,
      String questionId,
      Map<String, Said> answers,
      boolean disagree,
      @Nullable String last,
      boolean canOverride) {}

  /** What a person answered. */
  record Said(String userId, String text) {}

  @GetMapping
  String show(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam(defaultValue = "1") int at,
      @RequestParam(defaultValue = "") String question,
      @RequestParam(defaultValue = "") String annotator,
      Model model) {
    DatasetSettings settings =
        database.read(
            transaction ->
                DatasetSettings.load(transaction, DatasetAccess.managed(transaction, sender, id)));
    ReviewQueue queue =
        new ReviewQueue(
            search,
            settings,
            question.isEmpty() ? null : question,
            annotator.isEmpty() ? null : annotator);
    Hits wanted = queue.at(Math.max(1, at));
    int place = (int) Math.max(1, Math.min(at, wanted.total()));
    Hits hits = place == at ? wanted : queue.at(place);
    model.addAttribute("at", place);
    model.addAttribute("total", hits.total());
    model.addAttribute("disagreements", queue.disagreements());
    model.addAttribute("question", question);
    model.addAttribute("annotator", annotator);
    model.addAttribute("filters", filters(question, annotator));
    model.addAttribute("asked", settings.feedback().questions());
    return database.read(transaction -> page(transaction, settings, hits, model));
  }

  private static String page(
      Transaction transaction, DatasetSettings settings, Hits hits, Model model) {
    Dataset dataset = settings.dataset();
    String id = dataset.id();
    model.addAttribute("dataset", dataset);
    model.addAttribute("people", Users.ofWorkspace(transaction, dataset.workspaceId()));
    model.addAttribute("workspace", Workspaces.get(transaction, dataset.workspaceId()).name());
    model.addAttribute(
        "done",
        transaction.number(
            "SELECT COUNT(DISTINCT a.record_id) FROM adjudications a"
                + " JOIN records r ON r.id = a.record_id WHERE r.dataset_id = ?",
            id));
    if (!hits.hits().isEmpty()) {
      StoredRecord record = Records.get(transaction, hits.hits().get(0).recordId());
      model.addAttribute("record", record);
      model.addAttribute("fields", ShownField.of(settings, record));
      model.addAttribute("rows", rows(transaction, settings, record));
    }
    return "quality/review";
  }

  private static List<Row> rows(
      Transaction transaction, DatasetSettings settings, StoredRecord record) {
    List<StoredResponse> responses =
        Responses.of(transaction, List.of(record.id()), null).stream()
            .filter(StoredResponse::isSubmitted)
            .toList();
    Map<String, String> made = Adjudications.of(transaction, record.id());
    Map<String, String> ids = settings.questionIds();
    List<Row> rows = new ArrayList<>();
    for (Question question : settings.feedback().questions()) {
      Map<String, Said> answers = new LinkedHashMap<>();
      for (StoredResponse response : responses) {
        Object answer = answer(response, question);
        if (answer != null) {
          answers.put(
              Users.find(transaction, response.userId())
                  .map(User::username)
                  .orElse(response.userId()),
              new Said(response.userId(), words(answer)));
        }
      }
      String id = Objects.requireNonNull(ids.get(question.name()));
      String last = made.get(id);
      rows.add(
          new Row(
              QuestionView.of(question),
              id,
              answers,
              answers.values().stream().map(Said::text).distinct().count() > 1,
              last == null ? null : words(Json.value(last)),
              !(question instanceof SpanQuestion || question instanceof RankingQuestion)));
    }
    return rows;
  }

  private static @Nullable Object answer(StoredResponse response, Question question) {
    return response.values().get(question.name()) instanceof Map<?, ?> holder
        ? holder.get("value")
        : null;
  }

  /** An answer as people read it: labels with commas, ranks with their numbers. */
  private static String words(@Nullable Object answer) {
    if (!(answer instanceof List<?> items)) {
      return String.valueOf(answer);
    }
    List<String> words = new ArrayList<>();
    for (Object item : items) {
      if (item instanceof Map<?, ?> part && part.get("rank") != null) {
        words.add(part.get("rank") + ". " + part.get("value"));
      } else if (item instanceof Map<?, ?> part) {
        words.add(part.get("label") + " " + part.get("start") + "–" + part.get("end"));
      } else {
        words.add(String.valueOf(item));
      }
    }
    return String.join(", ", words);
  }

  @PostMapping
  String decide(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam("record") String recordId,
      @RequestParam(defaultValue = "1") int at,
      @RequestParam(defaultValue = "") String question,
      @RequestParam(defaultValue = "") String annotator,
      @RequestParam MultiValueMap<String, String> form) {
    database.change(
        transaction -> {
          Dataset dataset = DatasetAccess.managed(transaction, sender, id);
          DatasetSettings settings = DatasetSettings.load(transaction, dataset);
          StoredRecord record = Records.get(transaction, recordId);
          if (!record.datasetId().equals(id)) {
            throw RequestException.notFound("Record", recordId);
          }
          decide(transaction, settings, record, form, sender.user().id());
        });
    return "redirect:/dataset/" + id + "/review?at=" + (at + 1) + filters(question, annotator);
  }

  /** The filters as a further part of an address. */
  private static String filters(String question, String annotator) {
    return "&question="
        + URLEncoder.encode(question, StandardCharsets.UTF_8)
        + "&annotator="
        + URLEncoder.encode(annotator, StandardCharsets.UTF_8);
  }

  private static void decide(
      Transaction transaction,
      DatasetSettings settings,
      StoredRecord record,
      MultiValueMap<String, String> form,
      String authorId) {
    for (Question question : settings.feedback().questions()) {
      String name = question.name();
      String choice = form.getFirst("final." + name);
      String questionId = Objects.requireNonNull(settings.questionIds().get(name));
      if (choice == null || choice.isEmpty()) {
        continue;
      }
      if (choice.equals("none")) {
        Adjudications.remove(transaction, record.id(), questionId);
      } else if (choice.equals(Adjudications.OVERRIDE)) {
        Object plain = typed(question, form.getOrDefault("override." + name, List.of()));
        check(question, plain, record);
        Adjudications.put(
            transaction, record.id(), questionId, plain, Adjudications.OVERRIDE, authorId);
      } else {
        Object accepted =
            Responses.of(transaction, record.id(), choice)
                .filter(StoredResponse::isSubmitted)
                .map(response -> answer(response, question))
                .orElseThrow(() -> RequestException.notFound("Response of user", choice));
        Adjudications.put(transaction, record.id(), questionId, accepted, choice, authorId);
      }
    }
  }

  private static Object typed(Question question, List<String> values) {
    if (question instanceof MultiLabelQuestion) {
      return values.stream().filter(value -> !value.isEmpty()).toList();
    }
    String value = values.isEmpty() ? "" : values.get(0).strip();
    return question instanceof RatingQuestion && value.matches("\\d{1,3}")
        ? (Object) Integer.valueOf(value)
        : value;
  }

  private static void check(Question question, Object plain, StoredRecord record) {
    Problems problems = Problems.none();
    Map<String, Object> fields = new LinkedHashMap<>();
    record
        .fields()
        .forEach(
            (name, value) -> {
              if (value != null) {
                fields.put(name, value);
              }
            });
    question.check(AnswerJson.read(question, plain), true, fields, problems);
    try {
      problems.throwIfAny("the final answer");
    } catch (InvalidFeedbackException e) {
      throw RequestException.unprocessable(String.valueOf(e.getMessage()));
    }
  }
}
