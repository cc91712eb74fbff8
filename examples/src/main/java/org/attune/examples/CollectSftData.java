package org.attune.examples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.attune.data.Dataset;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;

/** Makes rows for supervised fine-tuning of what people answered, and writes them as CSV. */
public final class CollectSftData {
  private CollectSftData() {}

  public static void main(String[] arguments) {
    ExampleFolders folders = ExampleFolders.of(arguments, "collect-sft-data");
    Path csv = folders.out().resolve("curated-instructions.csv");
    Dataset dataset = run(CuratedInstructions.read(folders), csv);
    System.out.printf(
        "%d rows with columns %s in %s%n", dataset.size(), dataset.columnNames(), csv);
  }

  static Dataset run(FeedbackDataset feedback, Path csv) {
    Dataset dataset = collect(feedback);
    dataset.toCsv(csv);
    return dataset;
  }

  static Dataset collect(FeedbackDataset feedback) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (FeedbackRecord record : feedback) {
      // one annotator answered each record; FeedbackDataset.unify is for several
      record
          .submitted()
          .findFirst()
          .ifPresent(
              response ->
                  rows.add(
                      Map.of(
                          "instruction", answer(response, "new-instruction"),
                          "context", answer(response, "new-context"),
                          "response", answer(response, "new-response"))));
    }
    return Dataset.fromRows(rows).select("instruction", "context", "response");
  }

  /** The text that somebody answered; empty where an optional question was left out. */
  static String answer(Response response, String question) {
    return Objects.requireNonNullElse(response.value(question), "").toString();
  }
}
