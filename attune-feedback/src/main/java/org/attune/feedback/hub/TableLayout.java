package org.attune.feedback.hub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.data.Dataset;
import org.attune.feedback.argilla.AnswerJson;
import org.attune.feedback.question.Question;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.RecordFormat;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.settings.FeedbackSettings;
import org.jspecify.annotations.Nullable;

/** A way to write records as the rows of a table. */
public enum TableLayout {

  /**
   * That of Argilla 1.x: a column for each field; for each question its answers with user and
   * status, its suggestion and where that came from; external id, metadata in JSON, vectors.
   */
  NESTED {
    @Override
    public Dataset rows(FeedbackSettings settings, Collection<FeedbackRecord> records) {
      return HubLayout.rows(settings, records);
    }
  },

  /**
   * That of Argilla 2.x: a column for each field, metadata property and vector; for each question
   * {@code .responses}, {@code .responses.users}, {@code .responses.status}, {@code .suggestion},
   * {@code .suggestion.score} and {@code .suggestion.agent}.
   */
  FLAT {
    @Override
    public Dataset rows(FeedbackSettings settings, Collection<FeedbackRecord> records) {
      return Dataset.fromRows(records.stream().map(record -> flat(settings, record)).toList());
    }
  };

  /** The records as rows, in their order. */
  public abstract Dataset rows(FeedbackSettings settings, Collection<FeedbackRecord> records);

  private static Map<String, @Nullable Object> flat(
      FeedbackSettings settings, FeedbackRecord record) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    String externalId = record.externalId();
    row.put("id", externalId == null ? record.id() : externalId);
    row.put("status", record.submitted().findAny().isPresent() ? "completed" : "pending");
    row.put("_server_id", record.id());
    settings.fields().forEach(field -> row.put(field.name(), record.fields().get(field.name())));
    settings
        .metadataProperties()
        .forEach(property -> row.put(property.name(), record.metadata().get(property.name())));
    row.putAll(record.metadata());
    settings
        .vectors()
        .forEach(vector -> row.put(vector.name(), record.vectors().get(vector.name())));
    settings.questions().forEach(question -> addAnswers(question, record, row));
    return row;
  }

  private static void addAnswers(
      Question question, FeedbackRecord record, Map<String, @Nullable Object> row) {
    String name = question.name();
    List<Object> answers = new ArrayList<>();
    List<@Nullable Object> users = new ArrayList<>();
    List<Object> statuses = new ArrayList<>();
    for (Response response : record.responses()) {
      Object answer = response.value(name);
      if (answer != null) {
        answers.add(AnswerJson.write(question, answer));
        users.add(response.userId());
        statuses.add(response.status().key());
      }
    }
    row.put(name + ".responses", answers.isEmpty() ? null : answers);
    row.put(name + ".responses.users", users.isEmpty() ? null : users);
    row.put(name + ".responses.status", statuses.isEmpty() ? null : statuses);
    Suggestion suggestion =
        record.suggestions().stream()
            .filter(candidate -> candidate.question().equals(name))
            .findFirst()
            .orElse(null);
    row.put(
        name + ".suggestion",
        suggestion == null ? null : AnswerJson.write(question, suggestion.value()));
    row.put(
        name + ".suggestion.score", suggestion == null ? null : RecordFormat.scores(suggestion));
    row.put(name + ".suggestion.agent", suggestion == null ? null : suggestion.agent());
  }
}
