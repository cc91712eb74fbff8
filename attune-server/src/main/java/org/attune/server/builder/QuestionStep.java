package org.attune.server.builder;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.Question;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.Setting;
import org.attune.server.dataset.SettingTable;
import org.attune.server.page.Page;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The step in which a draft gets its fields and questions, beside the form as it will be. */
@Page
@RequestMapping("/dataset/{id}/build/questions")
final class QuestionStep {

  private final Database database;

  QuestionStep(Database database) {
    this.database = database;
  }

  /** A question of the draft. */
  record Line(String id, QuestionView view) {}

  @GetMapping
  String show(SignedIn sender, @PathVariable String id, Model model) {
    return page(sender, id, Map.of("type", "label_selection", "required", "on"), model);
  }

  private String page(SignedIn sender, String id, Map<String, String> form, Model model) {
    return database.read(
        transaction -> {
          Dataset dataset = DatasetAccess.managed(transaction, sender, id);
          Steps.describe(transaction, dataset, "questions", model);
          model.addAttribute("fields", SettingTable.FIELDS.of(transaction, id));
          model.addAttribute(
              "texts",
              SettingTable.FIELDS.of(transaction, id).stream()
                  .map(Setting::value)
                  .filter(TextField.class::isInstance)
                  .toList());
          model.addAttribute(
              "lines",
              SettingTable.QUESTIONS.of(transaction, id).stream()
                  .map(one -> new Line(one.id(), QuestionView.of(one.value())))
                  .toList());
          model.addAttribute("types", QuestionForm.TYPES);
          model.addAttribute("form", form);
          return "build/questions";
        });
  }

  @PostMapping
  String add(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam Map<String, String> form,
      HttpServletResponse response,
      Model model) {
    try {
      database.change(
          transaction ->
              SettingTable.QUESTIONS.add(
                  transaction,
                  draft(transaction, sender, id),
                  QuestionForm.read(form, form.containsKey("required"))));
    } catch (InvalidFeedbackException e) {
      return again(sender, id, form, e, response, model);
    } catch (RequestException e) {
      if (e.reason() != RequestException.Reason.CONFLICT) {
        throw e;
      }
      return again(sender, id, form, e, response, model);
    }
    return "redirect:/dataset/" + id + "/build/questions";
  }

  private String again(
      SignedIn sender,
      String id,
      Map<String, String> form,
      Exception e,
      HttpServletResponse response,
      Model model) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    model.addAttribute("detail", e.getMessage());
    return page(sender, id, form, model);
  }

  private static Dataset draft(Transaction transaction, SignedIn sender, String id) {
    Dataset dataset = DatasetAccess.managed(transaction, sender, id);
    if (dataset.ready()) {
      throw RequestException.unprocessable(
          "The dataset is published. Add optional questions on its own page.");
    }
    return dataset;
  }

  /** The question that is being typed, as annotators will see it. */
  @PostMapping("/preview")
  String preview(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam Map<String, String> form,
      Model model) {
    database.read(transaction -> DatasetAccess.managed(transaction, sender, id));
    try {
      Question question = QuestionForm.read(form, form.containsKey("required"));
      model.addAttribute("view", QuestionView.of(question));
    } catch (InvalidFeedbackException e) {
      model.addAttribute("incomplete", String.valueOf(e.problems().get(0)));
    }
    return "build/preview :: typed";
  }

  @PostMapping("/{questionId}/delete")
  String delete(SignedIn sender, @PathVariable String id, @PathVariable String questionId) {
    database.change(
        transaction ->
            SettingTable.QUESTIONS.delete(
                transaction,
                SettingTable.QUESTIONS.get(
                    transaction, draft(transaction, sender, id), questionId)));
    return "redirect:/dataset/" + id + "/build/questions";
  }

  @PostMapping("/fields/{fieldId}/delete")
  String deleteField(SignedIn sender, @PathVariable String id, @PathVariable String fieldId) {
    database.change(
        transaction ->
            SettingTable.FIELDS.delete(
                transaction,
                SettingTable.FIELDS.get(transaction, draft(transaction, sender, id), fieldId)));
    return "redirect:/dataset/" + id + "/build/questions";
  }

  @PostMapping("/fields")
  String addField(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam Map<String, String> form,
      HttpServletResponse response,
      Model model) {
    try {
      database.change(
          transaction ->
              SettingTable.FIELDS.add(
                  transaction,
                  draft(transaction, sender, id),
                  TextField.of(ColumnUse.nameOf(form.getOrDefault("field", ""), 0))));
    } catch (RequestException e) {
      if (e.reason() != RequestException.Reason.CONFLICT) {
        throw e;
      }
      return again(sender, id, Map.of("type", "label_selection"), e, response, model);
    }
    return "redirect:/dataset/" + id + "/build/questions";
  }

  /** Moves a question before the one above it. */
  @PostMapping("/{questionId}/up")
  String up(SignedIn sender, @PathVariable String id, @PathVariable String questionId) {
    database.change(
        transaction -> {
          Dataset dataset = draft(transaction, sender, id);
          SettingTable.QUESTIONS.moveUp(
              transaction, SettingTable.QUESTIONS.get(transaction, dataset, questionId));
        });
    return "redirect:/dataset/" + id + "/build/questions";
  }
}
