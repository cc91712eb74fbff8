package org.attune.server.curation;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.access.SignedIn;
import org.attune.server.account.User;
import org.attune.server.account.Users;
import org.attune.server.account.Workspaces;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.json.Json;
import org.attune.server.page.Page;
import org.attune.server.problem.RequestException;
import org.attune.server.record.RecordWriter;
import org.attune.server.record.Records;
import org.attune.server.record.Responses;
import org.attune.server.record.StoredRecord;
import org.attune.server.record.StoredResponse;
import org.attune.server.record.StoredSuggestion;
import org.attune.server.record.Suggestions;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** One record: what it holds, which can be changed, and what was said about it. */
@Page
@RequestMapping("/dataset/{id}/records/{recordId}")
final class RecordPage {

  private final Database database;

  RecordPage(Database database) {
    this.database = database;
  }

  /** What one person, or machine, says about the record. */
  record Said(String who, String status, Map<String, String> answers) {}

  @GetMapping
  String show(
      SignedIn sender, @PathVariable String id, @PathVariable String recordId, Model model) {
    return database.read(
        transaction -> {
          Dataset dataset = DatasetAccess.managed(transaction, sender, id);
          DatasetSettings settings = DatasetSettings.load(transaction, dataset);
          StoredRecord record = find(transaction, id, recordId);
          model.addAttribute("dataset", dataset);
          model.addAttribute(
              "workspace", Workspaces.get(transaction, dataset.workspaceId()).name());
          model.addAttribute("record", record);
          model.addAttribute("title", RecordsPage.title(record));
          model.addAttribute("fields", ShownField.all(settings, record));
          model.addAttribute("properties", RecordForm.properties(settings, record));
          model.addAttribute("other", RecordForm.other(settings, record));
          model.addAttribute("takesOther", dataset.allowExtraMetadata());
          model.addAttribute("people", responses(transaction, recordId));
          model.addAttribute("machines", suggestions(transaction, settings, recordId));
          return "curation/record";
        });
  }

  private static StoredRecord find(Transaction transaction, String id, String recordId) {
    StoredRecord record = Records.get(transaction, recordId);
    if (!record.datasetId().equals(id)) {
      throw RequestException.notFound("Record", recordId);
    }
    return record;
  }

  private static List<Said> responses(Transaction transaction, String recordId) {
    return Responses.of(transaction, List.of(recordId), null).stream()
        .map(
            response ->
                new Said(
                    Users.find(transaction, response.userId())
                        .map(User::username)
                        .orElse(response.userId()),
                    response.status(),
                    answers(response)))
        .toList();
  }

  private static Map<String, String> answers(StoredResponse response) {
    Map<String, String> answers = new TreeMap<>();
    response
        .values()
        .forEach(
            (question, holder) ->
                answers.put(
                    question, words(holder instanceof Map<?, ?> map ? map.get("value") : holder)));
    return answers;
  }

  private static String words(@Nullable Object value) {
    return value instanceof String text ? text : Json.write(value);
  }

  private static List<Said> suggestions(
      Transaction transaction, DatasetSettings settings, String recordId) {
    Map<String, String> names = new TreeMap<>();
    settings.questionIds().forEach((name, questionId) -> names.put(questionId, name));
    return Suggestions.of(transaction, List.of(recordId)).stream()
        .filter(suggestion -> names.containsKey(suggestion.questionId()))
        .map(
            suggestion ->
                new Said(
                    who(suggestion),
                    suggestion.score() == null ? "" : words(suggestion.score()),
                    Map.of(
                        names.getOrDefault(suggestion.questionId(), ""),
                        words(suggestion.value()))))
        .toList();
  }

  private static String who(StoredSuggestion suggestion) {
    String agent = suggestion.agent();
    return agent == null ? "" : agent;
  }

  /**
   * Writes the record, if nobody did since the form was shown.
   *
   * @param form what was typed, with the time of the record's last change under {@code seen}
   */
  @PostMapping
  String save(
      SignedIn sender,
      @PathVariable String id,
      @PathVariable String recordId,
      @RequestParam Map<String, String> form,
      HttpServletResponse response,
      Model model) {
    try {
      database.change(
          transaction -> {
            Dataset dataset = DatasetAccess.managed(transaction, sender, id);
            DatasetSettings settings = DatasetSettings.load(transaction, dataset);
            StoredRecord record = find(transaction, id, recordId);
            if (!String.valueOf(record.updatedAt()).equals(form.get("seen"))) {
              throw RequestException.conflict(
                  "Somebody changed the record meanwhile, and it is shown as it is now."
                      + " Your change was not saved; make it again if it is still wanted.");
            }
            new RecordWriter(transaction, settings, sender.user().id())
                .upsert(List.of(RecordForm.read(settings, record, form)));
          });
      return "redirect:/dataset/" + id + "/records/" + recordId + "?saved";
    } catch (InvalidFeedbackException e) {
      return again(
          sender, id, recordId, HttpStatus.UNPROCESSABLE_CONTENT, e, response, form, model);
    } catch (RequestException e) {
      if (e.reason() == RequestException.Reason.CONFLICT) {
        return again(sender, id, recordId, HttpStatus.CONFLICT, e, response, Map.of(), model);
      }
      if (e.reason() != RequestException.Reason.UNPROCESSABLE) {
        throw e;
      }
      return again(
          sender, id, recordId, HttpStatus.UNPROCESSABLE_CONTENT, e, response, form, model);
    }
  }

  /** The form again, with what was typed, or as the record is now if nothing is given. */
  private String again(
      SignedIn sender,
      String id,
      String recordId,
      HttpStatus status,
      Exception refused,
      HttpServletResponse response,
      Map<String, String> form,
      Model model) {
    response.setStatus(status.value());
    model.addAttribute("detail", refused.getMessage());
    String page = show(sender, id, recordId, model);
    if (!form.isEmpty()) {
      RecordForm.typed(form, model);
    }
    return page;
  }

  @PostMapping("/delete")
  String delete(SignedIn sender, @PathVariable String id, @PathVariable String recordId) {
    database.change(
        transaction -> {
          Dataset dataset = DatasetAccess.managed(transaction, sender, id);
          Records.delete(transaction, dataset, List.of(find(transaction, id, recordId).id()));
        });
    return "redirect:/dataset/" + id + "/records?deleted=1";
  }
}
