package org.attune.server.quality;

import java.util.List;
import org.attune.feedback.unify.UnificationStrategy;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Workspaces;
import org.attune.server.builder.QuestionView;
import org.attune.server.curation.Selection;
import org.attune.server.curation.TermFilter;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.page.Page;
import org.attune.server.search.Search;
import org.attune.server.storage.Database;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The form that says what of a dataset is downloaded, and how. */
@Page
final class ExportPage {

  private final Database database;
  private final Search search;

  ExportPage(Database database, Search search) {
    this.database = database;
    this.search = search;
  }

  /** A question with the strategies that it can be unified by. */
  record Choice(QuestionView view, List<String> strategies) {}

  /** A column of a task with what can fill it. */
  record Filling(String task, String key, String usual, List<String> choices) {}

  @GetMapping("/dataset/{id}/export")
  String show(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam MultiValueMap<String, String> query,
      Model model) {
    Dataset dataset = database.read(transaction -> DatasetAccess.managed(transaction, sender, id));
    if (!dataset.ready()) {
      return "redirect:/dataset/" + id + "/build/questions";
    }
    DatasetSettings settings =
        database.read(transaction -> DatasetSettings.load(transaction, dataset));
    model.addAttribute("dataset", dataset);
    model.addAttribute("settings", settings);
    model.addAttribute(
        "workspace",
        database.read(transaction -> Workspaces.get(transaction, dataset.workspaceId()).name()));
    model.addAttribute("selection", Selection.of(query, settings));
    model.addAttribute("query", query);
    model.addAttribute("filters", TermFilter.of(search, settings));
    model.addAttribute(
        "choices",
        settings.feedback().questions().stream()
            .map(
                question ->
                    new Choice(
                        QuestionView.of(question),
                        UnificationStrategy.forQuestion(question).stream()
                            .map(UnificationStrategy::key)
                            .toList()))
            .toList());
    model.addAttribute("tasks", ExportTask.values());
    model.addAttribute("fillings", fillings(settings));
    model.addAttribute(
        "people", database.read(transaction -> Responders.of(transaction, id)).keySet());
    return "quality/export";
  }

  private static List<Filling> fillings(DatasetSettings settings) {
    return List.of(ExportTask.values()).stream()
        .flatMap(
            task ->
                task.columns().stream()
                    .map(
                        column -> {
                          List<String> choices = column.choices(settings.feedback());
                          String usual =
                              choices.size() > column.usual() ? choices.get(column.usual()) : "";
                          return new Filling(task.key(), column.key(), usual, choices);
                        }))
        .toList();
  }
}
