package org.attune.server.builder;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.page.Page;
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

/** The last step: what there will be, and publishing it with all rows of the file or not at all. */
@Page
@RequestMapping("/dataset/{id}/build/publish")
final class PublishStep {

  private final Database database;
  private final UploadFolder folder;

  PublishStep(Database database, UploadFolder folder) {
    this.database = database;
    this.folder = folder;
  }

  @GetMapping
  String show(SignedIn sender, @PathVariable String id, Model model) {
    return database.read(
        transaction -> {
          Dataset dataset = DatasetAccess.managed(transaction, sender, id);
          Steps.describe(transaction, dataset, "publish", model);
          model.addAttribute("upload", Upload.of(transaction, id).orElse(null));
          try {
            DatasetSettings settings = DatasetSettings.loadComplete(transaction, dataset);
            model.addAttribute("settings", settings);
            model.addAttribute(
                "views", settings.feedback().questions().stream().map(QuestionView::of).toList());
          } catch (InvalidFeedbackException e) {
            model.addAttribute("missing", e.problems());
          }
          return "build/publish";
        });
  }

  @PostMapping
  String publish(
      SignedIn sender, @PathVariable String id, HttpServletResponse response, Model model) {
    Optional<Upload> upload = database.read(transaction -> Upload.of(transaction, id));
    try {
      RowImport.@Nullable Report report =
          database.write(transaction -> publish(transaction, sender, id, upload));
      if (report == null) {
        return "redirect:/dataset/" + id + "/settings?published";
      }
      model.addAttribute("report", report);
    } catch (InvalidFeedbackException e) {
      model.addAttribute("detail", e.getMessage());
    }
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    return show(sender, id, model);
  }

  /** Publishes and fills the dataset; or changes nothing and tells which rows are wrong. */
  private RowImport.@Nullable Report publish(
      Transaction transaction, SignedIn sender, String id, Optional<Upload> upload) {
    Dataset dataset = DatasetAccess.managed(transaction, sender, id);
    if (dataset.ready() && upload.isEmpty()) {
      throw RequestException.conflict("The dataset is published already.");
    }
    DatasetSettings settings = DatasetSettings.loadComplete(transaction, dataset);
    if (upload.isPresent()) {
      RowImport.Report report = new RowImport(folder, upload.get()).check(transaction, settings);
      if (report.wrong() > 0) {
        return report;
      }
    }
    Dataset ready = dataset.ready() ? dataset : Datasets.publish(transaction, dataset);
    upload.ifPresent(
        file -> {
          new RowImport(folder, file)
              .write(transaction, DatasetSettings.load(transaction, ready), sender.user().id());
          file.delete(transaction);
          transaction.afterCommit(() -> folder.remove(file.storedAs()));
        });
    return null;
  }
}
