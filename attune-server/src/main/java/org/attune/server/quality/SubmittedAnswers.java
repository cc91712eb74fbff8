package org.attune.server.quality;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.attune.feedback.argilla.AnswerJson;
import org.attune.feedback.question.Question;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.ResponseStatus;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.json.Json;
import org.attune.server.storage.Transaction;

/** Visits what was submitted, record by record, without holding a dataset. */
final class SubmittedAnswers {

  private SubmittedAnswers() {}

  /** Gives each record that has submitted responses, with these and nothing else. */
  static void each(
      Transaction transaction, DatasetSettings settings, Consumer<FeedbackRecord> visitor) {
    Map<String, Question> questions = settings.feedback().questionsByName();
    FeedbackRecord.Builder[] record = new FeedbackRecord.Builder[1];
    String[] id = new String[1];
    transaction.each(
        "SELECT record_id, user_id, answers FROM responses"
            + " WHERE dataset_id = ? AND status = 'submitted' ORDER BY record_id, inserted_at",
        row -> {
          String next = row.getString("record_id");
          if (!next.equals(id[0])) {
            if (record[0] != null) {
              visitor.accept(record[0].build());
            }
            id[0] = next;
            record[0] = FeedbackRecord.builder().id(next);
          }
          record[0].response(
              new Response(
                  row.getString("user_id"),
                  ResponseStatus.SUBMITTED,
                  values(questions, row.getString("answers"))));
        },
        settings.dataset().id());
    if (record[0] != null) {
      visitor.accept(record[0].build());
    }
  }

  /** The answers of one response to questions that are still asked. */
  static Map<String, Object> values(Map<String, Question> questions, String json) {
    Map<String, Object> values = new LinkedHashMap<>();
    Json.object(json)
        .forEach(
            (name, holder) -> {
              Question question = questions.get(name);
              if (question != null
                  && holder instanceof Map<?, ?> answer
                  && answer.get("value") != null) {
                values.put(name, AnswerJson.read(question, answer.get("value")));
              }
            });
    return values;
  }
}
