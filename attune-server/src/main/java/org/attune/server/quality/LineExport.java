package org.attune.server.quality;

import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.feedback.argilla.AnswerJson;
import org.attune.feedback.question.Question;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.RecordFormat;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.server.json.Json;
import org.jspecify.annotations.Nullable;

/** Records as JSON, one a line, with their unified answers if there are any. */
final class LineExport implements RecordSink {

  private final RecordFormat format;
  private final List<Question> questions;
  private final Writer out;

  LineExport(FeedbackSettings settings, Writer out) {
    this.format = new RecordFormat(settings);
    this.questions = settings.questions();
    this.out = out;
  }

  @Override
  public void record(FeedbackRecord record) throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>(format.write(record));
    Map<String, Object> unified = unified(record);
    if (!unified.isEmpty()) {
      json.put("unified", unified);
    }
    out.write(Json.write(json));
    out.write('\n');
  }

  private Map<String, Object> unified(FeedbackRecord record) {
    Map<String, Object> unified = new LinkedHashMap<>();
    for (Question question : questions) {
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
}
