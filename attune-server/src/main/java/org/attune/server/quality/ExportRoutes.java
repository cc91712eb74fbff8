package org.attune.server.quality;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.attune.data.Dataset;
import org.attune.feedback.argilla.AnswerJson;
import org.attune.feedback.hub.HubLayout;
import org.attune.feedback.question.Question;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.RecordFormat;
import org.attune.feedback.task.TrainingRows;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.access.SignedIn;
import org.attune.server.audit.AuditAction;
import org.attune.server.audit.AuditLog;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.json.Json;
import org.attune.server.page.Page;
import org.attune.server.problem.RequestException;
import org.attune.server.record.Records;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Downloads of a dataset. Lines and tables are streamed; what needs all records has a limit. */
@Page
final class ExportRoutes {

  private static final int MOST_HELD = 200_000;

  private final Database database;

  ExportRoutes(Database database) {
    this.database = database;
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
      @RequestParam Map<String, String> query,
      HttpServletResponse response)
      throws IOException {
    DatasetSettings settings =
        database.read(
            transaction ->
                DatasetSettings.load(transaction, DatasetAccess.managed(transaction, sender, id)));
    ExportChoice choice = ExportChoice.of(query, settings.feedback().questions());
    database.change(
        transaction ->
            AuditLog.add(
                transaction,
                AuditAction.DATASET_EXPORTED,
                "dataset",
                id,
                Map.of("name", settings.dataset().name(), "format", choice.format().key())));
    boolean unified = choice.unified();
    RecordPortions portions =
        new RecordPortions(database, settings, unified ? choice.strategies() : null);
    switch (choice.format()) {
      case JSONL -> {
        describe(response, settings, "jsonl", "application/x-ndjson");
        jsonl(settings, portions, unified, response.getOutputStream());
      }
      case CSV -> {
        describe(response, settings, "csv", "text/csv;charset=UTF-8");
        csv(settings, portions, unified, response.getOutputStream());
      }
      case PARQUET -> parquet(settings, portions, unified, response);
      case HUB -> hub(settings, portions, response);
      case TRAINING -> training(settings, choice, response);
    }
  }

  private static void describe(
      HttpServletResponse response, DatasetSettings settings, String ending, String type) {
    String name = settings.dataset().name().replace(' ', '-') + "." + ending;
    response.setContentType(type);
    response.setHeader("Content-Disposition", "attachment; filename=\"" + name + "\"");
  }

  private static void jsonl(
      DatasetSettings settings, RecordPortions portions, boolean unified, OutputStream stream)
      throws IOException {
    RecordFormat format = new RecordFormat(settings.feedback());
    Writer out = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
    portions.each(
        records -> {
          try {
            for (FeedbackRecord record : records) {
              Map<String, @Nullable Object> json = new LinkedHashMap<>(format.write(record));
              if (unified) {
                json.put("unified", unified(settings, record));
              }
              out.write(Json.write(json));
              out.write('\n');
            }
            out.flush();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static Map<String, Object> unified(DatasetSettings settings, FeedbackRecord record) {
    Map<String, Object> unified = new LinkedHashMap<>();
    for (Question question : settings.feedback().questions()) {
      List<Map<String, Object>> values =
          record.unified(question.name()).stream()
              .map(
                  answer ->
                      Map.of(
                          "value",
                          AnswerJson.write(question, answer.value()),
                          "strategy",
                          answer.strategy()))
              .toList();
      if (!values.isEmpty()) {
        unified.put(question.name(), values);
      }
    }
    return unified;
  }

  private static void csv(
      DatasetSettings settings, RecordPortions portions, boolean unified, OutputStream stream)
      throws IOException {
    Writer out = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
    CsvExport csv = new CsvExport(settings.feedback(), unified, out);
    csv.heading();
    portions.each(
        records -> {
          try {
            for (FeedbackRecord record : records) {
              csv.record(record);
            }
            out.flush();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    out.flush();
  }

  private void parquet(
      DatasetSettings settings,
      RecordPortions portions,
      boolean unified,
      HttpServletResponse response)
      throws IOException {
    requireRecords(settings, Long.MAX_VALUE);
    Path folder = Files.createTempDirectory("attune-export");
    try {
      Path lines = folder.resolve("records.jsonl");
      Path file = folder.resolve("records.parquet");
      try (OutputStream out = Files.newOutputStream(lines)) {
        jsonl(settings, portions, unified, out);
      }
      Dataset.read(lines).toParquet(file);
      describe(response, settings, "parquet", "application/vnd.apache.parquet");
      Files.copy(file, response.getOutputStream());
    } finally {
      delete(folder);
    }
  }

  private void hub(DatasetSettings settings, RecordPortions portions, HttpServletResponse response)
      throws IOException {
    requireRecords(settings, MOST_HELD);
    List<FeedbackRecord> records = new ArrayList<>();
    portions.each(records::addAll);
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

  private void training(DatasetSettings settings, ExportChoice choice, HttpServletResponse response)
      throws IOException {
    requireRecords(settings, MOST_HELD);
    List<FeedbackRecord> records = new ArrayList<>();
    new RecordPortions(database, settings, choice.strategies()).each(records::addAll);
    Path folder = Files.createTempDirectory("attune-export");
    try {
      Path file = folder.resolve("rows.jsonl");
      TrainingRows.of(choice.task().task(), settings.feedback(), records, 0, 0)
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

  private void requireRecords(DatasetSettings settings, long most) {
    long count = database.read(transaction -> Records.count(transaction, settings.dataset()));
    if (count == 0) {
      throw RequestException.unprocessable(
          "The dataset has no records, and such a file cannot hold none. Add some first.");
    }
    if (count > most) {
      throw RequestException.unprocessable(
          "The dataset has %d records, and such a file is made of at most %d. Take JSON lines."
              .formatted(count, most));
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
