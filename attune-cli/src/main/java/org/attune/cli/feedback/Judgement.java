package org.attune.cli.feedback;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.model.pipeline.Classification;
import org.attune.model.pipeline.TextClassifier;
import org.attune.model.pipeline.UnreadableTextException;
import org.jspecify.annotations.Nullable;

/**
 * How a model judges the text of a record's field, after the prompt in another field if there is
 * one.
 *
 * @param prompt the name of that other field, or null
 */
record Judgement(TextClassifier model, @Nullable String prompt) {

  /** What the model makes of a field in each of the records; nothing where it cannot read it. */
  List<Optional<Classification>> of(String field, List<FeedbackRecord> records) {
    List<FeedbackRecord> whole = records.stream().filter(record -> has(record, field)).toList();
    List<Optional<Classification>> judged = new ArrayList<>(judged(field, whole));
    List<Optional<Classification>> all = new ArrayList<>();
    int next = 0;
    for (FeedbackRecord record : records) {
      all.add(has(record, field) ? judged.get(next++) : Optional.empty());
    }
    return all;
  }

  private boolean has(FeedbackRecord record, String field) {
    return record.optionalText(field).isPresent()
        && (prompt == null || record.optionalText(prompt).isPresent());
  }

  private List<Optional<Classification>> judged(String field, List<FeedbackRecord> records) {
    if (records.isEmpty()) {
      return List.of();
    }
    try {
      return classified(field, records).stream().map(Optional::of).toList();
    } catch (UnreadableTextException e) {
      // one text fails all of a batch, so the halves are tried until it stands alone
      if (records.size() == 1) {
        return List.of(Optional.empty());
      }
      int half = records.size() / 2;
      List<Optional<Classification>> both = new ArrayList<>();
      both.addAll(judged(field, records.subList(0, half)));
      both.addAll(judged(field, records.subList(half, records.size())));
      return both;
    }
  }

  private List<Classification> classified(String field, List<FeedbackRecord> records) {
    List<String> texts = records.stream().map(record -> record.text(field)).toList();
    String first = prompt;
    return first == null
        ? model.classify(texts)
        : model.classify(records.stream().map(record -> record.text(first)).toList(), texts);
  }
}
