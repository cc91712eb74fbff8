package org.attune.examples;

import java.util.Map;
import java.util.stream.Stream;
import org.attune.data.Dataset;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.client.FeedbackClient;
import org.attune.feedback.client.RemoteDataset;
import org.attune.feedback.query.Filter;
import org.attune.feedback.query.RecordQuery;
import org.attune.feedback.query.Scope;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.task.TrainingTask;

/**
 * Sends records to a feedback server, where people answer them, and makes training rows of the
 * answers.
 *
 * <p>The server's address and the key are in {@code ARGILLA_API_URL} and {@code ARGILLA_API_KEY};
 * the argument is a workspace.
 */
public final class AnnotateOnServer {
  private AnnotateOnServer() {}

  public static void main(String[] arguments) {
    String workspace = arguments.length > 0 ? arguments[0] : "argilla";
    Dataset rows =
        run(FeedbackClient.connect(), "curated-" + System.currentTimeMillis(), workspace);
    System.out.printf("%d rows to train on%n", rows.size());
  }

  static Dataset run(FeedbackClient client, String name, String workspace) {
    FeedbackDataset local = FeedbackDataset.of(CreateFeedbackDataset.settings());
    local.add(
        record("airline", "When did Virgin Australia start operating?", "In 2000."),
        record("paella", "what is in paella", "Apples"));
    RemoteDataset remote = local.pushToArgilla(client, name, workspace);

    // more of them at any time: a program may add records while people answer
    remote.addRecords(record("france", "What is the capital of France?", "Lyon"));
    remote
        .records()
        .forEach(
            record ->
                remote.suggest(
                    record.id(),
                    Suggestion.of("new-instruction", record.text("original-instruction"))
                        .byModel("copy", 0.5)));

    // people answer in the browser; this stands for one of them
    RecordQuery unanswered =
        RecordQuery.all().filterBy(Filter.of(Scope.responseStatus(), "pending"));
    FeedbackRecord paella =
        remote.records(unanswered.text("paella", "original-instruction")).findFirst().orElseThrow();
    remote.respond(
        paella.id(),
        Response.submitted(
            null,
            Map.of(
                "new-instruction", "What is the base ingredient of paella?",
                "new-response", "The base ingredient of paella is rice.")));

    FeedbackDataset answered = FeedbackDataset.fromArgilla(client, name, workspace);
    return answered.prepareForTraining(rows()).train();
  }

  private static FeedbackRecord record(String name, String instruction, String response) {
    return FeedbackRecord.builder()
        .externalId(name)
        .field("original-instruction", instruction)
        .field("original-response", response)
        .build();
  }

  /** A text for each record that somebody answered. */
  private static TrainingTask rows() {
    return TrainingTask.supervisedFineTuning(
        record ->
            record
                .submitted()
                .flatMap(
                    response ->
                        Stream.of(
                            "### Instruction: %s\n### Response: %s"
                                .formatted(
                                    response.value("new-instruction"),
                                    response.value("new-response")))));
  }
}
