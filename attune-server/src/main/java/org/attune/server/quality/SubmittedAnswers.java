package org.attune.server.quality;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.attune.feedback.argilla.AnswerJson;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.ResponseStatus;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.json.Json;
import org.attune.server.storage.Transaction;

/** Visits what was submitted, record by record, without holding a dataset. */
final class SubmittedAnswers {

  private SubmittedAnswers() {}

  /** Hears how long an answer took. */
  interface Times {
    void took(String userId, double seconds);
  }

  /**
   * Gives each record that has submitted responses, with these, with the texts in which spans are
   * marked, and nothing else.
   */
  static void each(
      Transaction transaction,
      DatasetSettings settings,
      Times times,
      Consumer<FeedbackRecord> visitor) {
    Map<String, Question> questions = settings.feedback().questionsByName();
    List<String> marked =
        settings.feedback().questions().stream()
            .filter(SpanQuestion.class::isInstance)
            .map(question -> ((SpanQuestion) question).field())
            .toList();
    FeedbackRecord.Builder[] record = new FeedbackRecord.Builder[1];
    String[] id = new String[1];
    transaction.each(
        "SELECT a.record_id, a.user_id, a.answers, a.seconds, "
            + (marked.isEmpty() ? "NULL AS fields" : "r.fields")
            + " FROM responses a"
            + (marked.isEmpty() ? "" : " JOIN records r ON r.id = a.record_id")
            + " WHERE a.dataset_id = ? AND a.status = 'submitted'"
            + " ORDER BY a.record_id, a.inserted_at",
        row -> {
          String next = row.getString("record_id");
          if (!next.equals(id[0])) {
            if (record[0] != null) {
              visitor.accept(record[0].build());
            }
            id[0] = next;
            record[0] = FeedbackRecord.builder().id(next);
            if (!marked.isEmpty()) {
              Json.object(row.getString("fields"))
                  .forEach(
                      (name, value) -> {
                        if (value != null && marked.contains(name)) {
                          record[0].field(name, value);
                        }
                      });
            }
          }
          String userId = row.getString("user_id");
          record[0].response(
              new Response(
                  userId, ResponseStatus.SUBMITTED, values(questions, row.getString("answers"))));
          double seconds = row.getDouble("seconds");
          if (!row.wasNull()) {
            times.took(userId, seconds);
          }
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
