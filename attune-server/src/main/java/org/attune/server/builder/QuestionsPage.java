package org.attune.server.builder;

import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.attune.feedback.argilla.QuestionJson;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.Question;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Workspaces;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.Setting;
import org.attune.server.dataset.SettingTable;
import org.attune.server.dataset.Versions;
import org.attune.server.page.Page;
import org.attune.server.page.Refusal;
import org.attune.server.problem.RequestException;
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

/** The questions of a dataset, which can still be changed where their answers stay meaningful. */
@Page
@RequestMapping("/dataset/{id}/questions")
final class QuestionsPage {

  private final Database database;

  QuestionsPage(Database database) {
    this.database = database;
  }

  /** A question that is asked. */
  record Line(String id, QuestionView view) {}

  @GetMapping
  String list(SignedIn sender, @PathVariable String id, Model model) {
    return database.read(
        transaction -> {
          Dataset dataset = describe(transaction, sender, id, model);
          if (!dataset.ready()) {
            return "redirect:/dataset/" + id + "/build/questions";
          }
          model.addAttribute(
              "lines",
              SettingTable.QUESTIONS.of(transaction, id).stream()
                  .map(one -> new Line(one.id(), QuestionView.of(one.value())))
                  .toList());
          model.addAttribute("types", QuestionForm.TYPES);
          model.addAttribute(
              "texts",
              SettingTable.FIELDS.of(transaction, id).stream()
                  .map(Setting::value)
                  .filter(TextField.class::isInstance)
                  .toList());
          return "build/asked";
        });
  }

  private static Dataset describe(
      Transaction transaction, SignedIn sender, String id, Model model) {
    Dataset dataset = DatasetAccess.managed(transaction, sender, id);
    model.addAttribute("dataset", dataset);
    model.addAttribute("workspace", Workspaces.get(transaction, dataset.workspaceId()).name());
    return dataset;
  }

  /** Adds a question, which nobody has to answer: records may be completed already. */
  @PostMapping
  String add(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam Map<String, String> form,
      HttpServletResponse response,
      Model model) {
    String wrong =
        change(
            sender,
            id,
            (transaction, dataset) ->
                SettingTable.QUESTIONS.add(transaction, dataset, QuestionForm.read(form, false)));
    return wrong == null
        ? saved(id)
        : refused(wrong, response, model, () -> list(sender, id, model));
  }

  @GetMapping("/{questionId}")
  String edit(
      SignedIn sender, @PathVariable String id, @PathVariable String questionId, Model model) {
    return database.read(
        transaction -> {
          Dataset dataset = describe(transaction, sender, id, model);
          Question question = SettingTable.QUESTIONS.get(transaction, dataset, questionId).value();
          QuestionView view = QuestionView.of(question);
          model.addAttribute("id", questionId);
          model.addAttribute("view", view);
          model.addAttribute("settings", new HashMap<>(QuestionJson.settings(question)));
          model.addAttribute("options", QuestionChange.lines(view));
          return "build/question";
        });
  }

  @PostMapping("/{questionId}")
  String save(
      SignedIn sender,
      @PathVariable String id,
      @PathVariable String questionId,
      @RequestParam Map<String, String> form,
      HttpServletResponse response,
      Model model) {
    String wrong =
        change(
            sender,
            id,
            (transaction, dataset) -> {
              Setting<Question> setting =
                  SettingTable.QUESTIONS.get(transaction, dataset, questionId);
              Question after = QuestionChange.apply(setting.value(), form, dataset.ready());
              if (after.required() && !setting.value().required()) {
                requireNoAnswers(transaction, id);
              }
              SettingTable.QUESTIONS.update(transaction, setting, after);
            });
    return wrong == null
        ? saved(id)
        : refused(wrong, response, model, () -> edit(sender, id, questionId, model));
  }

  /** What was submitted without an answer to a question cannot be asked for it afterwards. */
  private static void requireNoAnswers(Transaction transaction, String id) {
    long submitted =
        transaction.number(
            "SELECT COUNT(*) FROM responses WHERE dataset_id = ? AND status = 'submitted'", id);
    if (submitted > 0) {
      throw RequestException.unprocessable(
          "%d answers were submitted without it, so it cannot be required any more."
              .formatted(submitted));
    }
  }

  /** Moves a question before the one above it. */
  @PostMapping("/{questionId}/up")
  String up(SignedIn sender, @PathVariable String id, @PathVariable String questionId) {
    change(
        sender,
        id,
        (transaction, dataset) ->
            SettingTable.QUESTIONS.moveUp(
                transaction, SettingTable.QUESTIONS.get(transaction, dataset, questionId)));
    return "redirect:/dataset/" + id + "/questions";
  }

  @PostMapping("/{questionId}/retire")
  String retire(
      SignedIn sender,
      @PathVariable String id,
      @PathVariable String questionId,
      HttpServletResponse response,
      Model model) {
    String wrong =
        change(
            sender,
            id,
            (transaction, dataset) -> {
              if (!dataset.ready()) {
                throw RequestException.unprocessable(
                    "A draft has no answers. Remove the question.");
              }
              Versions.retire(
                  transaction,
                  dataset,
                  SettingTable.QUESTIONS.get(transaction, dataset, questionId).id());
            });
    return wrong == null
        ? saved(id)
        : refused(wrong, response, model, () -> list(sender, id, model));
  }

  private static String saved(String id) {
    return "redirect:/dataset/" + id + "/questions?saved";
  }

  /** A change of a dataset's questions. */
  private interface Change {
    void of(Transaction transaction, Dataset dataset);
  }

  /** Changes the questions, and keeps a version if they were published; or says what is wrong. */
  private @Nullable String change(SignedIn sender, String id, Change change) {
    return Refusal.of(
        () ->
            database.change(
                transaction -> {
                  Dataset dataset = DatasetAccess.managed(transaction, sender, id);
                  change.of(transaction, dataset);
                  if (dataset.ready()) {
                    Versions.keep(transaction, id, sender.user().id());
                  }
                }));
  }

  private static String refused(
      String wrong, HttpServletResponse response, Model model, Supplier<String> page) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    model.addAttribute("detail", wrong);
    return page.get();
  }
}
