package org.attune.server.assignment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.json.Body;
import org.attune.server.record.Claims;
import org.attune.server.record.Records;
import org.attune.server.record.StoredRecord;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The records that somebody's page has open. */
@RestController
@RequestMapping("/api/attune/datasets/{id}/claims")
final class ClaimRoutes {

  private static final int MOST_AT_ONCE = 20;

  private final Database database;
  private final int seconds;

  ClaimRoutes(Database database, @Value("${attune.claim-seconds:60}") int seconds) {
    this.database = database;
    this.seconds = seconds;
    database.change(transaction -> Claims.tidy(transaction, seconds));
  }

  /**
   * Takes or keeps the claims on some records, and gives up those on others.
   *
   * @param json {@code hold} and {@code leave}, lists of the ids of records
   * @return the records that are {@code held} for so many {@code seconds}, and those {@code
   *     refused} because others will answer them; not {@code limited} if the dataset does not count
   *     answers
   */
  @PostMapping
  Map<String, Object> claim(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> json) {
    Body body = Body.of(json);
    List<String> hold = ids(body, "hold");
    List<String> leave = ids(body, "leave");
    body.check();
    Dataset dataset = database.read(transaction -> DatasetAccess.seen(transaction, sender, id));
    String userId = sender.user().id();
    List<String> held = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    if (dataset.seats() == null) {
      held.addAll(hold);
    } else {
      if (!leave.isEmpty()) {
        database.change(
            transaction -> leave.forEach(record -> Claims.end(transaction, record, userId)));
      }
      // one by one: who waits for a dataset must not keep others from a claim meanwhile
      for (String record : hold) {
        (take(dataset, record, userId) ? held : refused).add(record);
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("held", held);
    answer.put("refused", refused);
    answer.put("limited", dataset.seats() != null);
    answer.put("seconds", seconds);
    return answer;
  }

  private boolean take(Dataset dataset, String recordId, String userId) {
    return database.write(
        transaction ->
            Records.find(transaction, recordId)
                    .map(StoredRecord::datasetId)
                    .filter(dataset.id()::equals)
                    .isPresent()
                && Claims.take(transaction, dataset, recordId, userId, seconds));
  }

  private static List<String> ids(Body body, String key) {
    Object value = body.raw(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> items
        && items.size() <= MOST_AT_ONCE
        && items.stream().allMatch(String.class::isInstance)) {
      return items.stream().map(String.class::cast).toList();
    }
    body.fault(key, "Input should be a list of at most " + MOST_AT_ONCE + " ids", "list_type");
    return List.of();
  }
}
