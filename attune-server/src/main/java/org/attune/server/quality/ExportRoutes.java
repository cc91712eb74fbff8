package org.attune.server.quality;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.attune.data.Dataset;
import org.attune.feedback.hub.HubLayout;
import org.attune.feedback.question.Question;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.task.TrainingRows;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.access.SignedIn;
import org.attune.server.audit.AuditAction;
import org.attune.server.audit.AuditLog;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.page.Page;
import org.attune.server.problem.RequestException;
import org.attune.server.record.Records;
import org.attune.server.search.Search;
import org.attune.server.storage.Database;
import org.springframework.http.ContentDisposition;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Downloads of a dataset. Lines and tables are streamed; what needs all records has a limit. One
 * that fails on its way breaks the connection off, so that nobody takes a part for the whole.
 */
@Page
final class ExportRoutes {

  private static final int MOST_HELD = 200_000;

  private final Database database;
  private final Search search;

  ExportRoutes(Database database, Search search) {
    this.database = database;
    this.search = search;
  }

  /**
   * A dataset as a file.
   *
   * @param query see {@link ExportChoice}
   */
  @GetMapping("/api/attune/datasets/{id}/export")
  void export(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam MultiValueMap<String, String> query,
      HttpServletResponse response)
      throws IOException {
    DatasetSettings settings =
        database.read(
            transaction ->
                DatasetSettings.load(transaction, DatasetAccess.managed(transaction, sender, id)));
    ExportChoice choice =
        ExportChoice.of(
            query, settings, database.read(transaction -> Responders.of(transaction, id)));
    database.change(
        transaction ->
            AuditLog.add(
                transaction,
                AuditAction.DATASET_EXPORTED,
                "dataset",
                id,
                Map.of("name", settings.dataset().name(), "format", choice.format().key())));
    boolean unified = choice.unified() || choice.format() == ExportChoice.Format.TRAINING;
    RecordPortions portions = new RecordPortions(database, search, settings, choice, unified);
    switch (choice.format()) {
      case JSONL -> {
        describe(response, settings, "jsonl", "application/x-ndjson");
        lines(settings, portions, response.getOutputStream());
      }
      case CSV -> {
        describe(response, settings, "csv", "text/csv;charset=UTF-8");
        table(settings, portions, choice, response.getOutputStream());
      }
      case PARQUET -> parquet(settings, portions, response);
      case HUB -> hub(settings, choice, portions, response);
      case TRAINING -> training(settings, choice, portions, response);
    }
  }

  private static void describe(
      HttpServletResponse response, DatasetSettings settings, String ending, String type) {
    String name = settings.dataset().name().strip().replace(' ', '-') + "." + ending;
    response.setContentType(type);
    response.setHeader(
        "Content-Disposition",
        ContentDisposition.attachment().filename(name, StandardCharsets.UTF_8).build().toString());
  }

  private static void lines(DatasetSettings settings, RecordPortions portions, OutputStream stream)
      throws IOException {
    Writer out = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
    portions.to(new LineExport(settings.feedback(), out));
    out.flush();
  }

  private static void table(
      DatasetSettings settings, RecordPortions portions, ExportChoice choice, OutputStream stream)
      throws IOException {
    List<Question> questions =
        settings.feedback().questions().stream()
            .filter(question -> choice.questions().contains(question.name()))
            .toList();
    Writer out = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
    CsvExport csv = new CsvExport(settings.feedback(), questions, choice.unified(), out);
    csv.heading();
    portions.to(csv);
    out.flush();
  }

  private static void parquet(
      DatasetSettings settings, RecordPortions portions, HttpServletResponse response)
      throws IOException {
    Path folder = Files.createTempDirectory("attune-export");
    try {
      Path lines = folder.resolve("records.jsonl");
      Path file = folder.resolve("records.parquet");
      try (OutputStream out = Files.newOutputStream(lines)) {
        lines(settings, portions, out);
      }
      requireAny(Files.size(lines));
      Dataset.read(lines).toParquet(file);
      describe(response, settings, "parquet", "application/vnd.apache.parquet");
      Files.copy(file, response.getOutputStream());
    } finally {
      delete(folder);
    }
  }

  private void hub(
      DatasetSettings settings,
      ExportChoice choice,
      RecordPortions portions,
      HttpServletResponse response)
      throws IOException {
    List<FeedbackRecord> records = held(settings, choice, portions);
    Path folder = Files.createTempDirectory("attune-export");
    try {
      HubLayout.write(settings.feedback(), records, folder);
      describe(response, settings, "zip", "application/zip");
      try (ZipOutputStream zip = new ZipOutputStream(response.getOutputStream());
          Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
          Files.copy(file, zip);
          zip.closeEntry();
        }
      }
    } finally {
      delete(folder);
    }
  }

  private void training(
      DatasetSettings settings,
      ExportChoice choice,
      RecordPortions portions,
      HttpServletResponse response)
      throws IOException {
    List<FeedbackRecord> records = held(settings, choice, portions);
    Path folder = Files.createTempDirectory("attune-export");
    try {
      Path file = folder.resolve("rows.jsonl");
      TrainingRows.of(
              choice.task().task(choice.columns(), choice.strategies()),
              settings.feedback(),
              records,
              0,
              0)
          .train()
          .toJsonl(file);
      describe(response, settings, choice.task().key() + ".jsonl", "application/x-ndjson");
      Files.copy(file, response.getOutputStream());
    } catch (IllegalArgumentException | InvalidFeedbackException e) {
      throw RequestException.unprocessable(String.valueOf(e.getMessage()));
    } finally {
      delete(folder);
    }
  }

  /** All that was chosen at once, as long as it is not too much. */
  private List<FeedbackRecord> held(
      DatasetSettings settings, ExportChoice choice, RecordPortions portions) {
    long count =
        choice.selection().isEverything()
            ? database.read(transaction -> Records.count(transaction, settings.dataset()))
            : search.find(settings, choice.selection().part(0, 1)).total();
    if (count > MOST_HELD) {
      throw RequestException.unprocessable(
          "%d records were chosen, and such a file is made of at most %d. Take JSON lines."
              .formatted(count, MOST_HELD));
    }
    List<FeedbackRecord> records = new ArrayList<>();
    portions.each(records::addAll);
    requireAny(records.size());
    return records;
  }

  private static void requireAny(long size) {
    if (size == 0) {
      throw RequestException.unprocessable(
          "No records were chosen, and such a file cannot hold none. Choose others.");
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
