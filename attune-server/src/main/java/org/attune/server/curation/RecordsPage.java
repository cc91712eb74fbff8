package org.attune.server.curation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Workspaces;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
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

/** The records of a dataset: what is searched for, page by page, and deleting some or all of it. */
@Page
@RequestMapping("/dataset/{id}/records")
final class RecordsPage {

  private static final int ON_A_PAGE = 25;
  private static final int DELETED_AT_ONCE = 500;

  /** So far a search pages; whoever wants more narrows it down. */
  private static final int LAST_PAGE = 4000;

  private final Database database;
  private final Search search;

  RecordsPage(Database database, Search search) {
    this.database = database;
    this.search = search;
  }

  /** A record of the list. */
  record Line(String id, String title, List<ShownField> fields, boolean completed, long answers) {}

  @GetMapping
  String list(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam(defaultValue = "1") int page,
      @RequestParam(required = false) @Nullable Long deleted,
      @RequestParam MultiValueMap<String, String> query,
      Model model) {
    Optional<DatasetSettings> published =
        database.read(transaction -> describe(transaction, sender, id, model));
    if (published.isEmpty()) {
      return "redirect:/dataset/" + id + "/build/questions";
    }
    DatasetSettings settings = published.get();
    Selection selection = Selection.of(query, settings);
    int place = Math.max(1, Math.min(page, LAST_PAGE));
    Hits hits = search.find(settings, selection.part((place - 1L) * ON_A_PAGE, ON_A_PAGE));
    List<String> ids = hits.hits().stream().map(Hits.Hit::recordId).toList();
    model.addAttribute("lines", database.read(transaction -> lines(transaction, settings, ids)));
    model.addAttribute("total", hits.total());
    model.addAttribute("deleted", deleted);
    model.addAttribute("page", place);
    model.addAttribute(
        "pages", Math.max(1, Math.min(LAST_PAGE, (hits.total() + ON_A_PAGE - 1) / ON_A_PAGE)));
    model.addAttribute("selection", selection);
    model.addAttribute("query", query);
    model.addAttribute("filters", TermFilter.of(search, settings));
    return "curation/records";
  }

  private static Optional<DatasetSettings> describe(
      Transaction transaction, SignedIn sender, String id, Model model) {
    Dataset dataset = DatasetAccess.managed(transaction, sender, id);
    if (!dataset.ready()) {
      return Optional.empty();
    }
    DatasetSettings settings = DatasetSettings.load(transaction, dataset);
    model.addAttribute("dataset", dataset);
    model.addAttribute("settings", settings);
    model.addAttribute("workspace", Workspaces.get(transaction, dataset.workspaceId()).name());
    return Optional.of(settings);
  }

  private static List<Line> lines(
      Transaction transaction, DatasetSettings settings, List<String> ids) {
    Map<String, List<StoredResponse>> responses = Responses.byRecord(transaction, ids, null);
    return Records.withIds(transaction, ids).stream()
        .map(
            record ->
                new Line(
                    record.id(),
                    title(record),
                    ShownField.of(settings, record),
                    record.completed(),
                    responses.getOrDefault(record.id(), List.of()).stream()
                        .filter(StoredResponse::isSubmitted)
                        .count()))
        .toList();
  }

  /** What a record is called: by its source, or else by the server. */
  static String title(StoredRecord record) {
    String externalId = record.externalId();
    return externalId == null || externalId.isBlank() ? record.id() : externalId;
  }

  /** Deletes the records that were ticked. */
  @PostMapping("/delete")
  String delete(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam(name = "record", defaultValue = "") List<String> ids,
      @RequestParam MultiValueMap<String, String> form) {
    long deleted =
        database.write(
            transaction -> {
              Dataset dataset = DatasetAccess.managed(transaction, sender, id);
              long before = Records.count(transaction, dataset);
              Records.delete(transaction, dataset, ids);
              return before - Records.count(transaction, dataset);
            });
    DatasetSettings settings = settings(sender, id);
    return back(id, Selection.of(form, settings), deleted);
  }

  private DatasetSettings settings(SignedIn sender, String id) {
    return database.read(
        transaction ->
            DatasetSettings.load(transaction, DatasetAccess.managed(transaction, sender, id)));
  }

  private static String back(String id, Selection selection, long deleted) {
    return "redirect:/dataset/" + id + "/records?" + selection.query() + "&deleted=" + deleted;
  }

  /**
   * Deletes every record that was found, some at a time. Whoever asks says how many these are, so
   * that nothing goes that nobody saw.
   */
  @PostMapping("/delete-found")
  String deleteFound(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam(defaultValue = "") String count,
      @RequestParam MultiValueMap<String, String> form) {
    DatasetSettings settings = settings(sender, id);
    Selection selection = Selection.of(form, settings);
    long total = search.find(settings, selection.part(0, 1)).total();
    if (!count.strip().equals(String.valueOf(total))) {
      throw RequestException.unprocessable(
          "%d records are found, and “%s” was typed. Nothing was deleted.".formatted(total, count));
    }
    long deleted = 0;
    while (true) {
      List<String> ids =
          search.find(settings, selection.part(0, DELETED_AT_ONCE)).hits().stream()
              .map(Hits.Hit::recordId)
              .toList();
      if (ids.isEmpty()) {
        return back(id, selection, deleted);
      }
      database.change(
          transaction ->
              Records.delete(transaction, DatasetAccess.managed(transaction, sender, id), ids));
      deleted += ids.size();
    }
  }
}
