package org.attune.server.argilla;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.json.Body;
import org.attune.server.problem.RequestException;
import org.attune.server.record.Records;
import org.attune.server.record.Responses;
import org.attune.server.record.StoredRecord;
import org.attune.server.record.StoredResponse;
import org.attune.server.storage.Database;
import org.attune.server.storage.Moments;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Responses: everybody gives their own; owners and admins may correct those of others. */
@ArgillaRoutes
@RequestMapping("/api/v1")
public final class ResponseRoutes {

  private static final int MOST_IN_BULK = 100;
  private static final int LONGEST_ID = 200;
  private static final String SEEN_AT = "seen_at";

  private final Database database;

  ResponseRoutes(Database database) {
    this.database = database;
  }

  @PostMapping("/records/{id}/responses")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, @Nullable Object> create(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> json) {
    Map<String, @Nullable Object> body = checked(json);
    return database.write(
        transaction -> {
          StoredRecord record = Records.get(transaction, id);
          Dataset dataset = DatasetAccess.seen(transaction, sender, record.datasetId());
          String userId = sender.user().id();
          if (Responses.of(transaction, id, userId).isPresent()) {
            throw RequestException.conflict(
                "Response already exists for record with id `"
                    + id
                    + "` and by user with id `"
                    + userId
                    + "`");
          }
          return put(transaction, dataset, record, userId, sender, body);
        });
  }

  @PutMapping("/responses/{id}")
  Map<String, @Nullable Object> update(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> json) {
    Map<String, @Nullable Object> body = checked(json);
    return database.write(
        transaction -> {
          StoredResponse response = Responses.get(transaction, id);
          StoredRecord record = Records.get(transaction, response.recordId());
          Dataset dataset = changeable(transaction, sender, record, response);
          return put(transaction, dataset, record, response.userId(), sender, body);
        });
  }

  @DeleteMapping("/responses/{id}")
  Map<String, @Nullable Object> delete(SignedIn sender, @PathVariable String id) {
    return database.write(
        transaction -> {
          StoredResponse response = Responses.get(transaction, id);
          StoredRecord record = Records.get(transaction, response.recordId());
          Dataset dataset = changeable(transaction, sender, record, response);
          Responses.delete(transaction, dataset, response, sender.user().id());
          return RecordView.response(DatasetSettings.load(transaction, dataset), response);
        });
  }

  /** Each item by itself: one that cannot be saved does not keep the others from it. */
  @PostMapping("/me/responses/bulk")
  Map<String, Object> bulk(SignedIn sender, @RequestBody Map<String, @Nullable Object> json) {
    Body body = Body.of(json);
    List<Body> items = body.objects("items", 1, MOST_IN_BULK);
    items.forEach(item -> item.text("record_id", LONGEST_ID));
    items.forEach(ResponseRoutes::checkStatus);
    body.check();
    return eachByItself(
        items, item -> database.write(transaction -> putOwn(transaction, sender, item)));
  }

  /**
   * Saves items, of which one that is refused does not keep the others from it.
   *
   * @param save saves an item and returns it as clients read it
   * @return {@code items} in that order, each with {@code item} or {@code error}
   */
  public static Map<String, Object> eachByItself(
      List<Body> bodies, Function<Body, Map<String, @Nullable Object>> save) {
    List<Map<String, @Nullable Object>> outcomes = new ArrayList<>();
    for (Body body : bodies) {
      Map<String, @Nullable Object> outcome = new LinkedHashMap<>();
      outcome.put("item", null);
      outcome.put("error", null);
      try {
        outcome.put("item", save.apply(body));
      } catch (RequestException | InvalidFeedbackException e) {
        outcome.put("error", Map.of("detail", String.valueOf(e.getMessage())));
      }
      outcomes.add(outcome);
    }
    return Map.of("items", outcomes);
  }

  /**
   * Puts the sender's response to a record in the place of an earlier one.
   *
   * @param item a response as in a bulk
   * @return the response as clients read it
   */
  public static Map<String, @Nullable Object> putOwn(
      Transaction transaction, SignedIn sender, Body item) {
    StoredRecord record = Records.get(transaction, item.text("record_id", LONGEST_ID));
    Dataset dataset = DatasetAccess.seen(transaction, sender, record.datasetId());
    if (item.has(SEEN_AT)) {
      requireSeen(transaction, record, sender, item);
    }
    return put(transaction, dataset, record, sender.user().id(), sender, item.values());
  }

  /**
   * Refuses to replace a response that the sender has not seen. Our pages tell by {@value SEEN_AT}
   * when the response they show was changed, null for none; Argilla's clients do not send it.
   */
  private static void requireSeen(
      Transaction transaction, StoredRecord record, SignedIn sender, Body item) {
    String changedAt =
        Responses.of(transaction, record.id(), sender.user().id())
            .map(response -> Moments.text(response.updatedAt()))
            .orElse(null);
    if (!Objects.equals(changedAt, item.raw(SEEN_AT))) {
      throw RequestException.conflict(
          "The response to record with id `"
              + record.id()
              + "` was changed at "
              + changedAt
              + ", and the one to be replaced is of "
              + item.raw(SEEN_AT)
              + ". Read it again and decide.");
    }
  }

  private static Map<String, @Nullable Object> put(
      Transaction transaction,
      Dataset dataset,
      StoredRecord record,
      String userId,
      SignedIn sender,
      Map<String, @Nullable Object> body) {
    DatasetSettings settings = DatasetSettings.load(transaction, dataset);
    StoredResponse response =
        Responses.put(transaction, settings, record, userId, sender.user().id(), body);
    return RecordView.response(settings, response);
  }

  private static Dataset changeable(
      Transaction transaction, SignedIn sender, StoredRecord record, StoredResponse response) {
    Dataset dataset = Datasets.get(transaction, record.datasetId());
    if (response.userId().equals(sender.user().id())) {
      sender.requireSees(dataset.workspaceId());
    } else {
      sender.requireManages(dataset.workspaceId());
    }
    return dataset;
  }

  private static Map<String, @Nullable Object> checked(Map<String, @Nullable Object> json) {
    Body body = Body.of(json);
    checkStatus(body);
    body.check();
    return json;
  }

  private static void checkStatus(Body body) {
    Object status = body.raw("status");
    if (status == null
        || !(status.equals("draft") || status.equals("submitted") || status.equals("discarded"))) {
      body.fault("status", "Input should be 'draft', 'submitted' or 'discarded'", "enum");
    }
  }
}
