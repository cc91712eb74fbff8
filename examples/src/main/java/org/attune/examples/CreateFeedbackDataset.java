package org.attune.examples;

import java.nio.file.Path;
import java.util.Map;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.store.FileStore;

/** Asks people to curate instructions, and keeps what they answer in a folder. */
public final class CreateFeedbackDataset {
  private CreateFeedbackDataset() {}

  public static void main(String[] arguments) {
    ExampleFolders folders = ExampleFolders.of(arguments, "create-feedback-dataset");
    FeedbackDataset feedback = run(folders.out());
    System.out.printf("%d records in %s%n", feedback.size(), folders.out());
  }

  /** What people see, and what they are asked. */
  static FeedbackSettings settings() {
    return FeedbackDataset.builder()
        .guidelines("Please, correct the instruction, the context and the response.")
        .field(TextField.of("original-instruction"))
        .field(TextField.of("original-context").optional())
        .field(TextField.of("original-response"))
        .question(TextQuestion.of("new-instruction").titled("The instruction, as it should be"))
        .question(TextQuestion.of("new-context").optional())
        .question(TextQuestion.of("new-response").titled("A correct and helpful response"))
        .settings();
  }

  static FeedbackDataset run(Path folder) {
    FeedbackRecord airline =
        FeedbackRecord.builder()
            .field("original-instruction", "When did Virgin Australia start operating?")
            .field(
                "original-context",
                "Virgin Australia commenced services on 31 August 2000 as Virgin Blue.")
            .field("original-response", "In 2000.")
            // what a model would write saves people some typing
            .suggestion(Suggestion.of("new-response", "On 31 August.").byModel("my-model", 0.4))
            .build();
    FeedbackRecord paella =
        FeedbackRecord.builder()
            .field("original-instruction", "what is in paella")
            .field("original-response", "Apples")
            .build();

    // every change is on disk when the method that makes it returns
    try (FileStore store = FileStore.create(folder, settings())) {
      FeedbackDataset feedback = store.dataset();
      feedback.add(airline, paella);
      feedback.respond(
          airline.id(),
          Response.submitted(
              "ana",
              Map.of(
                  "new-instruction", "When did Virgin Australia start operating?",
                  "new-context",
                      "Virgin Australia commenced services on 31 August 2000 as Virgin Blue.",
                  "new-response",
                      "Virgin Australia commenced services on 31 August 2000 as Virgin Blue.")));
      feedback.respond(
          paella.id(),
          Response.submitted(
              "ben",
              Map.of(
                  "new-instruction", "What is the base ingredient of paella?",
                  "new-response", "The base ingredient of paella is rice.")));
      feedback.respond(paella.id(), Response.discarded("ana"));
    }
    return FileStore.read(folder);
  }
}
