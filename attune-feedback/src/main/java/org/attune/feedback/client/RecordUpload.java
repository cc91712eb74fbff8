package org.attune.feedback.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.attune.feedback.argilla.RecordJson;
import org.attune.feedback.client.Connection.Question;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.RecordRules;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.feedback.validation.Problem;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Sends records in batches, each checked before it is sent. A batch is repeated if its answer was
 * lost, which does no harm, as each record has a name that the server knows it by.
 */
final class RecordUpload {

  private static final int MOST_BYTES = 16_000_000;

  private final Connection connection;
  private final String path;
  private final RecordJson format;
  private final RecordRules rules;
  private final UserIds users;
  private final LongConsumer progress;

  private final List<FeedbackRecord> batch = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final ByteArrayOutputStream items = new ByteArrayOutputStream();
  private long sent;

  RecordUpload(
      Connection connection,
      String datasetId,
      RecordJson format,
      RecordRules rules,
      UserIds users,
      LongConsumer progress) {
    this.connection = connection;
    this.path = "v1/datasets/" + datasetId + "/records/bulk";
    this.format = format;
    this.rules = rules;
    this.users = users;
    this.progress = progress;
  }

  /**
   * Sends all records.
   *
   * @param known whether the records have the ids of the server
   * @return how many there were
   */
  long send(Iterator<FeedbackRecord> records, boolean known) {
    while (records.hasNext()) {
      if (batch.size() == connection.settings().batch()) {
        flush();
      }
      FeedbackRecord record = records.next();
      Problems own = Problems.none();
      Problems here = own.at(place(sent + batch.size(), record));
      rules.check(record, here);
      FeedbackRecord resolved = users.resolve(record, here);
      // an answer of the wrong kind has no form to be sent in
      byte[] item = own.isEmpty() ? Connection.json(body(resolved, known)) : new byte[0];
      if (items.size() + item.length > MOST_BYTES && !batch.isEmpty()) {
        flush();
      }
      items.write(items.size() == 0 ? '[' : ',');
      items.writeBytes(item);
      batch.add(record);
      problems.addAll(own.all());
    }
    if (!batch.isEmpty()) {
      flush();
    }
    return sent;
  }

  private Map<String, @Nullable Object> body(FeedbackRecord record, boolean known) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    if (known) {
      body.put("id", record.id());
    }
    body.putAll(format.write(record));
    if (!known && record.externalId() == null) {
      body.put("external_id", record.id());
    }
    return body;
  }

  private void flush() {
    String numbers = "records %d to %d".formatted(sent, sent + batch.size() - 1);
    if (!problems.isEmpty()) {
      throw new InvalidFeedbackException(
          "%s; the %d before them were sent".formatted(numbers, sent), problems);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream(items.size() + 16);
    body.writeBytes("{\"items\":".getBytes(US_ASCII));
    body.writeBytes(items.toByteArray());
    body.writeBytes("]}".getBytes(US_ASCII));
    Question question = new Question("take " + numbers, "PUT", path, body.toByteArray(), true);
    HttpResponse<byte[]> answer = connection.answer(question);
    if (answer.statusCode() >= 300) {
      throw refused(answer, numbers);
    }
    sent += batch.size();
    batch.clear();
    items.reset();
    progress.accept(sent);
  }

  private FeedbackClientException refused(HttpResponse<byte[]> answer, String numbers) {
    Refusal refusal = Refusal.of(answer.statusCode(), connection.parsed(answer));
    String which =
        refusal.item().isPresent() && refusal.item().getAsInt() < batch.size()
            ? " because of "
                + place(sent + refusal.item().getAsInt(), batch.get(refusal.item().getAsInt()))
            : "";
    return refusal.exception(
        "take %s%s, after the %d before them".formatted(numbers, which, sent),
        connection.settings());
  }

  private static String place(long number, FeedbackRecord record) {
    String externalId = record.externalId();
    return "record %d (%s)"
        .formatted(
            number,
            externalId == null ? "id " + record.id() : "external id \"" + externalId + "\"");
  }
}
