package org.attune.server.assignment;

import java.util.List;
import java.util.Map;
import org.attune.server.access.SignedIn;
import org.attune.server.argilla.ResponseRoutes;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.Datasets;
import org.attune.server.json.Body;
import org.attune.server.problem.RequestException;
import org.attune.server.record.Claims;
import org.attune.server.record.Records;
import org.attune.server.record.Responses;
import org.attune.server.record.StoredRecord;
import org.attune.server.record.StoredResponse;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What people answer on our pages, where seats and quotas count and time is told. */
@RestController
@RequestMapping("/api/attune/datasets/{id}/responses")
final class AnswerRoutes {

  private static final int MOST_AT_ONCE = 100;
  private static final int LONGEST_ID = 200;
  private static final double LONGEST_TIME = 86_400;
  private static final List<String> STATUSES = List.of("draft", "submitted", "discarded");

  private final Database database;

  AnswerRoutes(Database database) {
    this.database = database;
  }

  /**
   * Saves responses, each by itself: one that cannot be saved does not keep the others from it.
   *
   * @param json {@code items} of {@code record_id}, {@code status}, {@code values}, {@code seen_at}
   *     (when the response was changed that this one replaces, null for none) and {@code seconds}
   *     that were spent since the last time
   * @return {@code items} in that order, each with {@code item} or {@code error}
   */
  @PostMapping
  Map<String, Object> save(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> json) {
    Body body = Body.of(json);
    List<Body> items = body.objects("items", 1, MOST_AT_ONCE);
    items.forEach(AnswerRoutes::check);
    body.check();
    return ResponseRoutes.eachByItself(
        items, item -> database.write(transaction -> put(transaction, sender, id, item)));
  }

  private static void check(Body item) {
    item.text("record_id", LONGEST_ID);
    Object status = item.raw("status");
    if (!(status instanceof String) || !STATUSES.contains(status)) {
      item.fault("status", "Input should be 'draft', 'submitted' or 'discarded'", "enum");
    }
    Object seconds = item.raw("seconds");
    if (seconds != null && !(seconds instanceof Number number && isTime(number.doubleValue()))) {
      item.fault("seconds", "Input should be a number from 0 to 86400", "out_of_range");
    }
  }

  private static boolean isTime(double seconds) {
    return seconds >= 0 && seconds <= LONGEST_TIME;
  }

  private static Map<String, @Nullable Object> put(
      Transaction transaction, SignedIn sender, String datasetId, Body item) {
    Dataset dataset = DatasetAccess.seen(transaction, sender, datasetId);
    StoredRecord record = Records.get(transaction, item.text("record_id", LONGEST_ID));
    if (!record.datasetId().equals(datasetId)) {
      throw RequestException.notFound("Record", record.id());
    }
    String userId = sender.user().id();
    if ("submitted".equals(item.raw("status"))) {
      requireRoom(transaction, dataset, record, userId);
    }
    Map<String, @Nullable Object> response = ResponseRoutes.putOwn(transaction, sender, item);
    if (item.raw("seconds") instanceof Number seconds) {
      Responses.addSeconds(transaction, record.id(), userId, seconds.doubleValue());
    }
    return response;
  }

  /**
   * Refuses one answer too many, to the record or by the person; changing one is always possible.
   */
  private static void requireRoom(
      Transaction transaction, Dataset dataset, StoredRecord record, String userId) {
    Datasets.hold(transaction, dataset.id());
    if (Responses.of(transaction, record.id(), userId)
        .filter(StoredResponse::isSubmitted)
        .isPresent()) {
      return;
    }
    if (!Claims.hasSeat(transaction, dataset, record.id(), userId)) {
      throw RequestException.conflict(
          "Record with id `"
              + record.id()
              + "` gets "
              + dataset.seats()
              + " answers, and others have given or begun them. Discard it, or go on to the next.");
    }
    Integer quota = dataset.quota();
    if (quota != null && Responses.count(transaction, dataset.id(), userId, "submitted") >= quota) {
      throw RequestException.conflict(
          "You have submitted "
              + quota
              + " answers in dataset `"
              + dataset.name()
              + "`, which is your quota there. Ask whoever leads it for more.");
    }
  }
}
