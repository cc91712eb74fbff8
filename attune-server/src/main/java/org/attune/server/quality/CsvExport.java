package org.attune.server.quality;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.feedback.argilla.AnswerJson;
import org.attune.feedback.field.Field;
import org.attune.feedback.question.Question;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.UnifiedAnswer;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.server.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Records as a table: a line for each record with unified answers, or for each response with those
 * of its user.
 */
final class CsvExport implements RecordSink {

  private final FeedbackSettings settings;
  private final List<Question> questions;
  private final boolean unified;
  private final Writer out;

  /**
   * A table that is still empty.
   *
   * @param questions those that get a column
   */
  CsvExport(FeedbackSettings settings, List<Question> questions, boolean unified, Writer out) {
    this.settings = settings;
    this.questions = questions;
    this.unified = unified;
    this.out = out;
  }

  void heading() throws IOException {
    List<@Nullable Object> cells = new ArrayList<>(List.of("id", "external_id"));
    settings.fields().forEach(field -> cells.add(field.name()));
    cells.add("metadata");
    if (!unified) {
      cells.add("user_id");
      cells.add("status");
    }
    questions.forEach(question -> cells.add("answer." + question.name()));
    line(cells);
  }

  @Override
  public void record(FeedbackRecord record) throws IOException {
    List<@Nullable Object> start = new ArrayList<>();
    start.add(record.id());
    start.add(record.externalId());
    for (Field field : settings.fields()) {
      start.add(record.fields().get(field.name()));
    }
    start.add(record.metadata().isEmpty() ? null : record.metadata());
    if (unified) {
      for (Question question : questions) {
        start.add(unified(record, question));
      }
      line(start);
    } else if (record.responses().isEmpty()) {
      line(start);
    } else {
      for (Response response : record.responses()) {
        List<@Nullable Object> cells = new ArrayList<>(start);
        cells.add(response.userId());
        cells.add(response.status().key());
        for (Question question : questions) {
          Object answer = response.values().get(question.name());
          cells.add(answer == null ? null : AnswerJson.write(question, answer));
        }
        line(cells);
      }
    }
  }

  private static @Nullable Object unified(FeedbackRecord record, Question question) {
    List<Object> values =
        record.unified(question.name()).stream()
            .map(UnifiedAnswer::value)
            .map(value -> AnswerJson.write(question, value))
            .toList();
    return values.isEmpty() ? null : values.size() == 1 ? values.get(0) : values;
  }

  private void line(List<@Nullable Object> cells) throws IOException {
    for (int i = 0; i < cells.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      out.write(cell(cells.get(i)));
    }
    out.write("\r\n");
  }

  /**
   * A cell. A spreadsheet must not take a text for a formula, so one that begins like a formula
   * gets an apostrophe in front.
   */
  static String cell(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    String text =
        value instanceof Map<?, ?> || value instanceof List<?>
            ? Json.write(value)
            : value.toString();
    boolean formula = !text.isEmpty() && "=+-@\t\r\n|%".indexOf(text.charAt(0)) >= 0;
    return '"' + (formula ? "'" : "") + text.replace("\"", "\"\"") + '"';
  }
}
