package org.attune.server.builder;

import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.attune.data.Dataset;
import org.attune.data.Row;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.Setting;
import org.attune.server.dataset.SettingTable;
import org.attune.server.json.Json;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;

/** The step in which a file's first rows are looked at and its columns are given a use. */
@Page
@RequestMapping("/dataset/{id}/build/data")
final class DataStep {

  private static final int ROWS_SHOWN = 5;
  private static final int LONGEST_CELL = 160;

  private final Database database;
  private final UploadFolder folder;

  DataStep(Database database, UploadFolder folder) {
    this.database = database;
    this.folder = folder;
  }

  /** A column as the page shows it. */
  record ColumnView(int position, String name, ColumnUse use, List<String> cells) {}

  @GetMapping
  String show(SignedIn sender, @PathVariable String id, Model model) {
    return database.read(transaction -> page(transaction, sender, id, model));
  }

  private String page(Transaction transaction, SignedIn sender, String id, Model model) {
    Steps.describe(transaction, DatasetAccess.managed(transaction, sender, id), "data", model);
    Optional<Upload> upload = Upload.of(transaction, id);
    model.addAttribute("upload", upload.orElse(null));
    model.addAttribute("columns", upload.map(this::columns).orElse(List.of()));
    model.addAttribute("kinds", ColumnUse.Kind.values());
    model.addAttribute(
        "questions",
        SettingTable.QUESTIONS.of(transaction, id).stream().map(Setting::value).toList());
    return "build/data";
  }

  private List<ColumnView> columns(Upload upload) {
    Dataset file = folder.read(upload);
    List<Row> rows = file.head(ROWS_SHOWN);
    List<String> names = file.columnNames();
    return IntStream.range(0, names.size())
        .mapToObj(
            position ->
                new ColumnView(
                    position,
                    names.get(position),
                    upload.mapping().getOrDefault(names.get(position), ColumnUse.ignored()),
                    rows.stream().map(row -> cell(row.get(names.get(position)))).toList()))
        .toList();
  }

  private static String cell(@Nullable Object value) {
    String text = value == null ? "" : value instanceof String words ? words : Json.write(value);
    return text.length() > LONGEST_CELL ? text.substring(0, LONGEST_CELL) + "…" : text;
  }

  @PostMapping("/file")
  String upload(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam(required = false) @Nullable MultipartFile file,
      HttpServletResponse response,
      Model model) {
    database.read(transaction -> DatasetAccess.managed(transaction, sender, id));
    try {
      if (file == null || file.isEmpty()) {
        throw RequestException.unprocessable("The file is empty. Choose another.");
      }
      Upload upload = folder.keep(id, file);
      database.change(
          transaction -> {
            Upload.of(transaction, id)
                .ifPresent(
                    former -> transaction.afterCommit(() -> folder.remove(former.storedAs())));
            Mapping.suggested(transaction, folder, upload).save(transaction);
          });
      return "redirect:/dataset/" + id + "/build/data";
    } catch (RequestException e) {
      return again(sender, id, e, response, model);
    }
  }

  @PostMapping
  String map(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam Map<String, String> form,
      HttpServletResponse response,
      Model model) {
    try {
      database.change(
          transaction -> {
            org.attune.server.dataset.Dataset dataset =
                DatasetAccess.managed(transaction, sender, id);
            Upload upload =
                Upload.of(transaction, id)
                    .orElseThrow(() -> RequestException.notFound("Upload", id));
            Upload mapped = upload.mapped(read(folder.read(upload).columnNames(), form));
            if (dataset.ready()) {
              mapped.save(transaction);
            } else {
              Mapping.apply(transaction, folder, dataset, mapped);
            }
          });
    } catch (RequestException | InvalidFeedbackException e) {
      return again(sender, id, e, response, model);
    }
    boolean ready =
        database.read(transaction -> DatasetAccess.managed(transaction, sender, id)).ready();
    return "redirect:/dataset/" + id + "/build/" + (ready ? "publish" : "questions");
  }

  private static Map<String, ColumnUse> read(List<String> columns, Map<String, String> form) {
    Map<String, ColumnUse> mapping = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = form.getOrDefault("name-" + i, "").strip();
      mapping.put(
          columns.get(i),
          ColumnUse.of(
              form.getOrDefault("use-" + i, ""),
              name.isEmpty() ? ColumnUse.nameOf(columns.get(i), i) : name,
              form.containsKey("required-" + i)));
    }
    return mapping;
  }

  private String again(
      SignedIn sender, String id, Exception e, HttpServletResponse response, Model model) {
    if (e instanceof RequestException refused
        && refused.reason() == RequestException.Reason.FORBIDDEN) {
      throw refused;
    }
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    model.addAttribute("detail", e.getMessage());
    return show(sender, id, model);
  }
}
