package org.attune.feedback.client;

import static org.attune.feedback.client.Connection.items;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attune.feedback.argilla.FieldJson;
import org.attune.feedback.argilla.MetadataPropertyJson;
import org.attune.feedback.argilla.QuestionJson;
import org.attune.feedback.argilla.RecordJson;
import org.attune.feedback.argilla.VectorSettingsJson;
import org.attune.feedback.question.Question;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/** The settings of a dataset on a server, and the ids that it gave to the questions. */
record RemoteSettings(
    FeedbackSettings settings, Map<String, String> questionIds, RecordJson records) {

  static RemoteSettings load(Connection connection, String id, String name) {
    String what = "give the settings of " + name;
    String path = "v1/datasets/" + Connection.encoded(id);
    Map<?, ?> dataset = connection.get(what, path);
    List<Question> questions = new ArrayList<>();
    Map<String, String> questionIds = new HashMap<>();
    for (Object item : items(connection.get(what, path + "/questions"))) {
      Question question = QuestionJson.read(item);
      questions.add(question);
      questionIds.put(question.name(), String.valueOf(((Map<?, ?>) item).get("id")));
    }
    FeedbackSettings settings =
        new FeedbackSettings(
            dataset.get("guidelines") instanceof String guidelines ? guidelines : null,
            items(connection.get(what, path + "/fields")).stream().map(FieldJson::read).toList(),
            questions,
            items(connection.get(what, "v1/me/datasets/" + id + "/metadata-properties")).stream()
                .map(MetadataPropertyJson::read)
                .toList(),
            items(connection.get(what, path + "/vectors-settings")).stream()
                .map(VectorSettingsJson::read)
                .toList(),
            !Boolean.FALSE.equals(dataset.get("allow_extra_metadata")));
    return new RemoteSettings(settings, questionIds, new RecordJson(settings, questionIds));
  }

  FeedbackRecord read(@Nullable Object plain) {
    Problems problems = Problems.none();
    FeedbackRecord record = records.readRecord(plain, problems);
    problems.throwIfAny("a record that the server sent");
    return record;
  }

  String questionId(String question) {
    // names the questions there are if it is none of them
    return String.valueOf(questionIds.get(settings.question(question).name()));
  }
}
