package org.attune.server.quality;

import java.util.LinkedHashMap;
import java.util.Map;
import org.attune.server.json.Json;
import org.attune.server.storage.Transaction;

/** Answers that a reviewer made final. They stand apart from what annotators said. */
final class Adjudications {

  /** The source of an answer that the reviewer gave instead of those of the annotators. */
  static final String OVERRIDE = "override";

  private Adjudications() {}

  /** The final answers to one record, from the id of the question to the answer as JSON. */
  static Map<String, String> of(Transaction transaction, String recordId) {
    Map<String, String> answers = new LinkedHashMap<>();
    transaction.each(
        "SELECT question_id, answer FROM adjudications WHERE record_id = ?",
        row -> answers.put(row.getString(1), row.getString(2)),
        recordId);
    return answers;
  }

  /**
   * Makes an answer final, in place of an earlier one.
   *
   * @param answer plain, as clients read it
   * @param source the id of the user whose answer it was, or {@link #OVERRIDE}
   */
  static void put(
      Transaction transaction,
      String recordId,
      String questionId,
      Object answer,
      String source,
      String authorId) {
    transaction.update(
        "INSERT INTO adjudications (record_id, question_id, answer, source, author_id, inserted_at)"
            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (record_id, question_id) DO UPDATE SET"
            + " answer = excluded.answer, source = excluded.source,"
            + " author_id = excluded.author_id, inserted_at = excluded.inserted_at",
        recordId,
        questionId,
        Json.write(answer),
        source,
        authorId,
        transaction.now());
  }

  static void remove(Transaction transaction, String recordId, String questionId) {
    transaction.update(
        "DELETE FROM adjudications WHERE record_id = ? AND question_id = ?", recordId, questionId);
  }
}
