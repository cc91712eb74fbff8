package org.attune.server.record;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.attune.server.storage.Transaction;

/**
 * Tells what a change of responses did to them and to their records. It looks at both before the
 * change; if nobody listens, it does nothing.
 */
final class ResponseTelling {

  private final Transaction transaction;
  private final boolean heard;
  private final Set<String> pending = new HashSet<>();
  private final Set<Author> answered = new HashSet<>();

  private record Author(String recordId, String userId) {}

  private ResponseTelling(Transaction transaction) {
    this.transaction = transaction;
    this.heard = transaction.isHeard();
  }

  /** Before responses to these records are changed. */
  static ResponseTelling before(Transaction transaction, Collection<String> recordIds) {
    ResponseTelling telling = new ResponseTelling(transaction);
    if (telling.heard) {
      Records.withIds(transaction, recordIds).stream()
          .filter(record -> !record.completed())
          .forEach(record -> telling.pending.add(record.id()));
      Responses.of(transaction, recordIds, null)
          .forEach(
              response -> telling.answered.add(new Author(response.recordId(), response.userId())));
    }
    return telling;
  }

  /** Before the rule changes by which a dataset's records are completed. */
  static ResponseTelling beforeAll(Transaction transaction, String datasetId) {
    ResponseTelling telling = new ResponseTelling(transaction);
    if (telling.heard) {
      telling.pending.addAll(
          transaction.list(
              "SELECT id FROM records WHERE dataset_id = ? AND status = 'pending'",
              (row, index) -> row.getString(1),
              datasetId));
    }
    return telling;
  }

  /** Tells of responses that were written. */
  void put(List<Responses.Given> given) {
    if (!heard) {
      return;
    }
    List<String> recordIds = given.stream().map(Responses.Given::recordId).distinct().toList();
    Set<Author> wanted = new HashSet<>();
    given.forEach(
        one ->
            wanted.add(
                new Author(one.recordId(), Objects.requireNonNull(one.response().userId()))));
    for (StoredRecord record : Records.withIds(transaction, recordIds)) {
      for (StoredResponse response : Responses.of(transaction, List.of(record.id()), null)) {
        Author author = new Author(record.id(), response.userId());
        if (wanted.contains(author)) {
          ResponseChange.Kind kind =
              answered.contains(author) ? ResponseChange.Kind.UPDATED : ResponseChange.Kind.CREATED;
          transaction.tell(new ResponseChange(kind, record, response));
        }
      }
      updated(record);
    }
  }

  /** Tells of a response that was deleted. */
  void deleted(StoredResponse response) {
    if (heard) {
      StoredRecord record = Records.get(transaction, response.recordId());
      transaction.tell(new ResponseChange(ResponseChange.Kind.DELETED, record, response));
      updated(record);
    }
  }

  private void updated(StoredRecord record) {
    tell(RecordChange.Kind.UPDATED, List.of(record));
    if (record.completed() && pending.contains(record.id())) {
      tell(RecordChange.Kind.COMPLETED, List.of(record));
    }
  }

  /** Tells of records that were pending and no longer are. */
  void completed() {
    List<StoredRecord> completed =
        Placeholders.inPortions(
            pending,
            some ->
                Records.withIds(transaction, some).stream()
                    .filter(StoredRecord::completed)
                    .toList());
    if (!completed.isEmpty()) {
      tell(RecordChange.Kind.COMPLETED, completed);
    }
  }

  private void tell(RecordChange.Kind kind, List<StoredRecord> records) {
    transaction.tell(new RecordChange(kind, records.get(0).datasetId(), records));
  }
}
