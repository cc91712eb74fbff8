package org.attune.server.builder;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Workspace;
import org.attune.server.account.Workspaces;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.Datasets;
import org.attune.server.dataset.SettingTable;
import org.attune.server.page.Page;
import org.attune.server.page.Part;
import org.attune.server.problem.RequestException;
import org.attune.server.record.Records;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** The datasets that somebody manages, drafts among them, and the first step of a new one. */
@Page
@RequestMapping("/datasets")
final class DatasetsPage {

  private final Database database;
  private final UploadFolder folder;

  DatasetsPage(Database database, UploadFolder folder) {
    this.database = database;
    this.folder = folder;
  }

  /** A line of the list. */
  record Line(Dataset dataset, String workspace, long records, long completed) {}

  @GetMapping
  String list(SignedIn sender, @RequestParam(defaultValue = "1") int page, Model model) {
    requireManager(sender);
    Part<Dataset> part =
        Part.of(
            database.read(Datasets::all).stream()
                .filter(dataset -> sender.manages(dataset.workspaceId()))
                .toList(),
            page);
    model.addAttribute("part", part);
    model.addAttribute("lines", database.read(transaction -> lines(transaction, part.items())));
    return "build/datasets";
  }

  private static void requireManager(SignedIn sender) {
    if (sender.isAnnotator()) {
      throw RequestException.forbidden();
    }
  }

  private static List<Line> lines(Transaction transaction, List<Dataset> datasets) {
    return datasets.stream()
        .map(
            dataset ->
                new Line(
                    dataset,
                    Workspaces.get(transaction, dataset.workspaceId()).name(),
                    Records.count(transaction, dataset),
                    Records.countCompleted(transaction, dataset)))
        .toList();
  }

  @GetMapping("/new")
  String start(SignedIn sender, Model model) {
    requireManager(sender);
    return form(sender, Map.of("template", Template.TEXT_CLASSIFICATION.key()), model);
  }

  private String form(SignedIn sender, Map<String, String> form, Model model) {
    List<Workspace> workspaces =
        database.read(
            transaction ->
                Workspaces.all(transaction).stream()
                    .filter(workspace -> sender.manages(workspace.id()))
                    .toList());
    model.addAttribute("workspaces", workspaces);
    model.addAttribute("templates", Template.values());
    model.addAttribute("form", form);
    return "build/new";
  }

  @PostMapping("/new")
  String create(
      SignedIn sender,
      @RequestParam Map<String, String> form,
      @RequestParam(required = false) @Nullable MultipartFile file,
      HttpServletResponse response,
      Model model) {
    String workspaceId = form.getOrDefault("workspace", "");
    sender.requireManages(workspaceId);
    try {
      Dataset dataset = database.write(transaction -> create(transaction, workspaceId, form));
      return "redirect:/dataset/" + dataset.id() + "/build/" + keep(dataset, file);
    } catch (RequestException | InvalidFeedbackException e) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("detail", e.getMessage());
      return form(sender, form, model);
    }
  }

  private static Dataset create(
      Transaction transaction, String workspaceId, Map<String, String> form) {
    String name = form.getOrDefault("name", "").strip();
    Problems problems = Problems.none();
    Names.checkDataset(name, problems);
    problems.throwIfAny("the dataset");
    Optional<FeedbackSettings> template =
        Template.of(form.getOrDefault("template", "")).map(chosen -> chosen.settings(form));
    Dataset dataset =
        Datasets.create(
            transaction,
            Workspaces.get(transaction, workspaceId),
            name,
            template.map(FeedbackSettings::guidelines).orElse(null),
            true,
            1,
            null);
    template.ifPresent(
        settings -> {
          settings.fields().forEach(one -> SettingTable.FIELDS.add(transaction, dataset, one));
          settings
              .questions()
              .forEach(one -> SettingTable.QUESTIONS.add(transaction, dataset, one));
        });
    return dataset;
  }

  /**
   * Keeps the file, if there is one, and says which step comes next; a bad file leaves no draft.
   */
  private String keep(Dataset dataset, @Nullable MultipartFile file) {
    if (file == null || file.isEmpty()) {
      return "questions";
    }
    try {
      Upload upload = folder.keep(dataset.id(), file);
      database.change(
          transaction -> Mapping.suggested(transaction, folder, upload).save(transaction));
      return "data";
    } catch (RequestException e) {
      database.change(transaction -> Datasets.delete(transaction, dataset));
      throw e;
    }
  }
}
