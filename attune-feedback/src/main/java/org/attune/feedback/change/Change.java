package org.attune.feedback.change;

import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;

/** Something that happens to a dataset. */
public sealed interface Change {

  /** The id of the record concerned. */
  String recordId();

  /** A record joins the dataset, with whatever was already said about it. */
  record RecordAdded(FeedbackRecord record) implements Change {
    @Override
    public String recordId() {
      return record.id();
    }
  }

  /** A person answers, or answers anew. */
  record ResponseGiven(String recordId, Response response) implements Change {}

  /** An answer is suggested, in the place of an earlier suggestion for that question. */
  record SuggestionGiven(String recordId, Suggestion suggestion) implements Change {}

  /** A record leaves the dataset. */
  record RecordDeleted(String recordId) implements Change {}
}
