package org.attune.cli.feedback;

import java.util.List;
import java.util.Optional;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Suggestion;

/** Suggests the likeliest label of a classifier. */
record LabelSuggester(Judgement judgement, String field, String question, String agent)
    implements Suggester {

  @Override
  public List<Optional<Suggestion>> suggest(List<FeedbackRecord> records) {
    return judgement.of(field, records).stream()
        .map(
            judged ->
                judged.map(
                    labels ->
                        Suggestion.of(question, labels.label()).byModel(agent, labels.score())))
        .toList();
  }
}
