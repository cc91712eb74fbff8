package org.attune.server.quality;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.json.Json;
import org.attune.server.record.Placeholders;
import org.attune.server.storage.Transaction;

/** Answers that a reviewer made final. They stand apart from what annotators said. */
final class Adjudications {

  /** The source of an answer that the reviewer gave instead of those of the annotators. */
  static final String OVERRIDE = "override";

  private Adjudications() {}

  /** The final answers to one record, from the id of the question to the answer as JSON. */
  static Map<String, String> of(Transaction transaction, String recordId) {
    return byRecord(transaction, List.of(recordId)).getOrDefault(recordId, Map.of());
  }

  /** As {@link #of}, from the ids of the records; those without final answers are left out. */
  static Map<String, Map<String, String>> byRecord(
      Transaction transaction, Collection<String> recordIds) {
    Map<String, Map<String, String>> answers = new HashMap<>();
    for (Made made :
        Placeholders.inPortions(
            recordIds,
            some ->
                transaction.list(
                    "SELECT record_id, question_id, answer FROM adjudications WHERE record_id IN ("
                        + Placeholders.of(some.size())
                        + ")",
                    (row, index) -> new Made(row.getString(1), row.getString(2), row.getString(3)),
                    some.toArray()))) {
      answers
          .computeIfAbsent(made.recordId(), record -> new LinkedHashMap<>())
          .put(made.questionId(), made.answer());
    }
    return answers;
  }

  private record Made(String recordId, String questionId, String answer) {}

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
