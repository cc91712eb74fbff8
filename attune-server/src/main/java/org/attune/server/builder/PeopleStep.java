package org.attune.server.builder;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Users;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.Datasets;
import org.attune.server.page.Page;
import org.attune.server.storage.Database;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The step that says who answers, how many answers complete a record, and what they are told. */
@Page
@RequestMapping("/dataset/{id}/build/people")
public final class PeopleStep {

  private static final int LONGEST_GUIDELINES = 10_000;
  private static final int MOST_SUBMITTED = 1000;

  private final Database database;

  PeopleStep(Database database) {
    this.database = database;
  }

  @GetMapping
  String show(SignedIn sender, @PathVariable String id, Model model) {
    return database.read(
        transaction -> {
          Dataset dataset = DatasetAccess.managed(transaction, sender, id);
          Steps.describe(transaction, dataset, "people", model);
          model.addAttribute("members", Users.ofWorkspace(transaction, dataset.workspaceId()));
          model.addAttribute("changes", sender.isOwner());
          return "build/people";
        });
  }

  @PostMapping
  String save(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam Map<String, String> form,
      HttpServletResponse response,
      Model model) {
    try {
      database.change(
          transaction -> {
            Dataset dataset = DatasetAccess.managed(transaction, sender, id);
            String guidelines = form.getOrDefault("guidelines", "").strip();
            Problems problems = Problems.none();
            if (!guidelines.isEmpty()) {
              Names.checkLength("guidelines", guidelines, LONGEST_GUIDELINES, problems);
            }
            problems.throwIfAny("the dataset");
            Datasets.update(
                transaction,
                dataset,
                dataset.with(
                    dataset.name(),
                    guidelines.isEmpty() ? null : guidelines,
                    minSubmitted(form.getOrDefault("minSubmitted", ""))));
          });
    } catch (InvalidFeedbackException e) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("detail", e.getMessage());
      return show(sender, id, model);
    }
    return "redirect:/dataset/" + id + "/build/publish";
  }

  /** How many submitted answers complete a record, as a form says it. */
  public static int minSubmitted(String text) {
    Problems problems = Problems.none();
    boolean valid = text.matches("\\d{1,4}");
    int number = valid ? Integer.parseInt(text) : 0;
    if (number < 1 || number > MOST_SUBMITTED) {
      problems.add(
          "submitted answers", "must be a whole number from 1 to 1000", text, "Correct it.");
    }
    problems.throwIfAny("the dataset");
    return number;
  }
}
