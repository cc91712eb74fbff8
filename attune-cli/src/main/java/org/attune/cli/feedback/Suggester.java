package org.attune.cli.feedback;

import java.util.List;
import java.util.Optional;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Suggestion;

/** What a model suggests as the answer to one question. */
interface Suggester {

  /**
   * A suggestion for each of the records, in their order; none for a record that the model cannot
   * read or that lacks what the model judges.
   */
  List<Optional<Suggestion>> suggest(List<FeedbackRecord> records);
}
