package org.attune.server.quality;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Workspaces;
import org.attune.server.builder.PeopleStep;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.dataset.Versions;
import org.attune.server.page.Page;
import org.attune.server.page.Refusal;
import org.attune.server.problem.RequestException;
import org.attune.server.record.Responses;
import org.attune.server.search.Search;
import org.attune.server.storage.Database;
import org.attune.server.storage.Moments;
import org.attune.server.storage.Transaction;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** A published dataset as its lead sees it: how it stands, and what can still be changed. */
@Page
@RequestMapping("/dataset/{id}/settings")
final class DatasetPage {

  private static final int LONGEST_GUIDELINES = 10_000;

  private final Database database;
  private final Search search;
  private final KnownFigures figures;

  DatasetPage(Database database, Search search, KnownFigures figures) {
    this.database = database;
    this.search = search;
    this.figures = figures;
  }

  @GetMapping
  String show(SignedIn sender, @PathVariable String id, Model model) {
    Dataset dataset = database.read(transaction -> DatasetAccess.managed(transaction, sender, id));
    if (!dataset.ready()) {
      return "redirect:/dataset/" + id + "/build/questions";
    }
    DatasetSettings settings =
        database.read(transaction -> DatasetSettings.load(transaction, dataset));
    KnownFigures.Answer known = figures.of(settings);
    model.addAttribute("figures", known.figures());
    model.addAttribute("alpha", known.figures() == null ? null : known.figures().lowestAlpha());
    model.addAttribute("figuresAt", known.current() ? null : Moments.text(known.moment()));
    return database.read(
        transaction -> {
          model.addAttribute("dataset", dataset);
          model.addAttribute(
              "workspace", Workspaces.get(transaction, dataset.workspaceId()).name());
          model.addAttribute("standing", Standing.of(search, transaction, settings));
          model.addAttribute("versions", Versions.of(transaction, id));
          return "quality/dataset";
        });
  }

  @PostMapping
  String change(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam Map<String, String> form,
      HttpServletResponse response,
      Model model) {
    return change(
        sender,
        id,
        response,
        model,
        (transaction, dataset) -> {
          String name = form.getOrDefault("name", "").strip();
          String guidelines = form.getOrDefault("guidelines", "").strip();
          Problems problems = Problems.none();
          Names.checkDataset(name, problems);
          if (!guidelines.isEmpty()) {
            Names.checkLength("guidelines", guidelines, LONGEST_GUIDELINES, problems);
          }
          problems.throwIfAny("the dataset");
          int minSubmitted = PeopleStep.minSubmitted(form.getOrDefault("minSubmitted", ""));
          Dataset changed =
              Datasets.update(
                  transaction,
                  dataset,
                  dataset.with(name, guidelines.isEmpty() ? null : guidelines, minSubmitted));
          if (minSubmitted != dataset.minSubmitted()) {
            Responses.judgeAll(transaction, changed);
          }
        });
  }

  @PostMapping("/delete")
  String delete(
      SignedIn sender, @PathVariable String id, @RequestParam(defaultValue = "") String name) {
    database.change(
        transaction -> {
          Dataset dataset = DatasetAccess.managed(transaction, sender, id);
          if (!dataset.name().equals(name.strip())) {
            throw RequestException.unprocessable(
                "The dataset is called “%s”, and “%s” was typed. Nothing was deleted."
                    .formatted(dataset.name(), name));
          }
          Datasets.delete(transaction, dataset);
        });
    return "redirect:/datasets";
  }

  /** A change of a published dataset's settings. */
  private interface Change {
    void of(Transaction transaction, Dataset dataset);
  }

  private String change(
      SignedIn sender, String id, HttpServletResponse response, Model model, Change change) {
    String refusal =
        Refusal.of(
            () ->
                database.change(
                    transaction -> {
                      Dataset dataset = DatasetAccess.managed(transaction, sender, id);
                      change.of(transaction, dataset);
                      Versions.keep(transaction, id, sender.user().id());
                    }));
    if (refusal == null) {
      return "redirect:/dataset/" + id + "/settings?saved";
    }
    model.addAttribute("detail", refusal);
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    return show(sender, id, model);
  }
}
