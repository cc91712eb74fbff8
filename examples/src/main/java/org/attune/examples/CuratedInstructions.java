package org.attune.examples;

import java.util.LinkedHashMap;
import java.util.Map;
import org.attune.data.Dataset;
import org.attune.data.Row;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;

/**
 * Instructions with a poor response, and what an annotator made of it.
 *
 * <p>The guide loads such a dataset from a hub. This one is made here, from 1,100 instructions that
 * come with a response that was rejected and one that was chosen. A dataset downloaded from a hub
 * is read with {@code FeedbackDataset.fromFolder(folder)}, one that was collected with {@code
 * FileStore.read(folder)}.
 */
final class CuratedInstructions {
  private CuratedInstructions() {}

  static FeedbackDataset read(ExampleFolders folders) {
    Dataset instructions =
        Dataset.read(
            folders
                .bundled()
                .resolve("rasbt-instructions")
                .resolve("instruction-data-with-preference.json.gz"));
    FeedbackDataset feedback = FeedbackDataset.of(CreateFeedbackDataset.settings());
    feedback.addAll(instructions.toList().stream().map(CuratedInstructions::record).toList());
    return feedback;
  }

  private static FeedbackRecord record(Row row) {
    Map<String, Object> answers = new LinkedHashMap<>();
    answers.put("new-instruction", row.text("instruction"));
    answers.put("new-response", row.text("chosen"));
    if (!row.text("input").isEmpty()) {
      answers.put("new-context", row.text("input"));
    }
    return FeedbackRecord.builder()
        .field("original-instruction", row.text("instruction"))
        .field("original-context", row.text("input"))
        .field("original-response", row.text("rejected"))
        .response(Response.submitted("curator", answers))
        .build();
  }
}
