package org.attune.server.builder;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.data.Row;
import org.attune.feedback.argilla.RecordJson;
import org.attune.feedback.record.RecordRules;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.feedback.validation.Problems;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.problem.RequestException;
import org.attune.server.record.RecordWriter;
import org.attune.server.record.Records;
import org.attune.server.record.StoredRecord;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** Makes records of all rows of a file, or of none and tells which rows are wrong. */
final class RowImport {

  static final int MOST_ROWS = 200_000;
  private static final int PORTION = 500;
  private static final int MOST_ERRORS = 100;

  private final UploadFolder folder;
  private final Upload upload;

  RowImport(UploadFolder folder, Upload upload) {
    this.folder = folder;
    this.upload = upload;
  }

  /**
   * A row that cannot become a record.
   *
   * @param line where it begins in the file, or null if the file has no lines
   */
  record RowError(long row, @Nullable Long line, String message) {}

  /** What a look at all rows found; of very many errors the first ones. */
  record Report(long rows, long wrong, List<RowError> errors) {}

  /** Looks at every row, and changes nothing. */
  Report check(Transaction transaction, DatasetSettings settings) {
    RowReading reading = new RowReading(upload.mapping(), settings);
    RecordJson json = settings.recordJson();
    RecordRules rules = settings.rules();
    Set<Object> externalIds = new HashSet<>();
    Map<Long, String> errors = new LinkedHashMap<>();
    long[] counts = new long[2];
    portions(
        rows -> {
          List<Map<String, @Nullable Object>> items = rows.stream().map(reading::record).toList();
          Set<String> taken = taken(transaction, settings, items);
          for (int i = 0; i < items.size(); i++) {
            Map<String, @Nullable Object> item = items.get(i);
            Problems problems = Problems.none();
            Object externalId = item.get("external_id");
            if (externalId != null && !externalIds.add(externalId)) {
              problems.add(
                  "external id", "must not be twice in the file", externalId, "Remove a row.");
            } else if (externalId != null && taken.contains(externalId)) {
              problems.add(
                  "external id",
                  "must not be that of another record",
                  externalId,
                  "Remove the row.");
            }
            rules.check(json.readRecord(item, problems), problems);
            counts[0]++;
            if (!problems.isEmpty() && counts[1]++ < MOST_ERRORS) {
              errors.put(rows.get(i).number(), message(problems));
            }
          }
        });
    Map<Long, Long> lines =
        errors.isEmpty() ? Map.of() : RowLines.of(folder.path(upload), errors.keySet());
    List<RowError> told = new ArrayList<>();
    errors.forEach((row, message) -> told.add(new RowError(row, lines.get(row), message)));
    return new Report(counts[0], counts[1], told);
  }

  private static Set<String> taken(
      Transaction transaction,
      DatasetSettings settings,
      List<Map<String, @Nullable Object>> items) {
    List<String> ids =
        items.stream()
            .map(item -> item.get("external_id"))
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .distinct()
            .toList();
    return Records.withExternalIds(transaction, settings.dataset(), ids).stream()
        .map(StoredRecord::externalId)
        .map(String::valueOf)
        .collect(Collectors.toSet());
  }

  private static String message(Problems problems) {
    try {
      problems.throwIfAny("the row");
      return "";
    } catch (InvalidFeedbackException e) {
      return e.problems().stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
  }

  /** Writes every row, which was checked, in the transaction that it is given. */
  void write(Transaction transaction, DatasetSettings settings, String authorId) {
    RowReading reading = new RowReading(upload.mapping(), settings);
    portions(
        rows ->
            new RecordWriter(transaction, settings, authorId)
                .create(rows.stream().map(reading::record).toList()));
  }

  private void portions(Consumer<List<Row>> work) {
    Dataset file = folder.read(upload);
    List<Row> portion = new ArrayList<>(PORTION);
    try (Stream<Row> rows = file.rows()) {
      rows.forEach(
          row -> {
            if (row.number() > MOST_ROWS) {
              throw RequestException.unprocessable(
                  "“%s” has more than %d rows. Split it, or push it with a client."
                      .formatted(upload.fileName(), MOST_ROWS));
            }
            portion.add(row);
            if (portion.size() == PORTION) {
              work.accept(List.copyOf(portion));
              portion.clear();
            }
          });
    } catch (DatasetFormatException e) {
      throw RequestException.unprocessable(folder.told(e, upload));
    }
    if (!portion.isEmpty()) {
      work.accept(List.copyOf(portion));
    }
  }
}
