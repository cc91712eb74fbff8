package org.attune.server.quality;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.attune.feedback.argilla.AnswerJson;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.TextQuestion;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.json.Json;
import org.attune.server.record.Responses;
import org.attune.server.record.StoredResponse;
import org.attune.server.storage.Moments;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * What one person did in one dataset.
 *
 * @param seconds the time of an answer, or null if no page told it
 * @param lastActivity as clients read times, or null if there is no answer
 * @param days the answers of the latest days that have any, the latest first
 * @param shares how often this person answered as others did, question by question
 * @param compared how many of the latest answers were compared
 */
public record PersonFigures(
    long submitted,
    long discarded,
    long drafts,
    @Nullable Quartiles seconds,
    @Nullable String lastActivity,
    List<Day> days,
    List<Shares> shares,
    int compared) {

  private static final long DAY = TimeUnit.DAYS.toMicros(1);
  private static final int MOST_DAYS = 30;
  private static final int MOST_COMPARED = 2000;

  public PersonFigures {
    days = List.copyOf(days);
    shares = List.copyOf(shares);
  }

  /** How much was submitted on a day, by UTC. */
  public record Day(String date, long answers) {}

  /** How many of some pairs of answers are alike. */
  public record Share(long alike, long all) {

    /** Rounded; 0 if there are no pairs. */
    public long percent() {
      return all == 0 ? 0 : Math.round(100.0 * alike / all);
    }

    private Share with(boolean isAlike) {
      return new Share(alike + (isAlike ? 1 : 0), all + 1);
    }
  }

  /** A question, with the answers of this person beside those of others and the final ones. */
  public record Shares(String title, Share others, Share adjudicated) {}

  static PersonFigures of(Transaction transaction, DatasetSettings settings, String userId) {
    String id = settings.dataset().id();
    List<Double> seconds = new ArrayList<>();
    transaction.each(
        "SELECT seconds FROM responses WHERE dataset_id = ? AND user_id = ?"
            + " AND status = 'submitted' AND seconds IS NOT NULL",
        row -> seconds.add(row.getDouble(1)),
        id,
        userId);
    List<String> latest =
        transaction.list(
            "SELECT record_id FROM responses WHERE dataset_id = ? AND user_id = ?"
                + " AND status = 'submitted' ORDER BY updated_at DESC LIMIT ?",
            (row, index) -> row.getString(1),
            id,
            userId,
            MOST_COMPARED);
    return new PersonFigures(
        Responses.count(transaction, id, userId, "submitted"),
        Responses.count(transaction, id, userId, "discarded"),
        Responses.count(transaction, id, userId, "draft"),
        Quartiles.of(seconds),
        lastActivity(transaction, id, userId),
        days(transaction, id, userId),
        shares(transaction, settings, userId, latest),
        latest.size());
  }

  private static @Nullable String lastActivity(
      Transaction transaction, String datasetId, String userId) {
    long moment =
        transaction.number(
            "SELECT MAX(updated_at) FROM responses WHERE dataset_id = ? AND user_id = ?",
            datasetId,
            userId);
    return moment == 0 ? null : Moments.text(moment);
  }

  private static List<Day> days(Transaction transaction, String datasetId, String userId) {
    return transaction.list(
        "SELECT updated_at / "
            + DAY
            + " AS day, COUNT(*) AS n FROM responses WHERE dataset_id = ? AND user_id = ?"
            + " AND status = 'submitted' GROUP BY updated_at / "
            + DAY
            + " ORDER BY day DESC LIMIT ?",
        (row, index) ->
            new Day(LocalDate.ofEpochDay(row.getLong("day")).toString(), row.getLong("n")),
        datasetId,
        userId,
        MOST_DAYS);
  }

  private static List<Shares> shares(
      Transaction transaction, DatasetSettings settings, String userId, List<String> recordIds) {
    Map<String, Share> others = new HashMap<>();
    Map<String, Share> adjudicated = new HashMap<>();
    Map<String, Map<String, String>> made = Adjudications.byRecord(transaction, recordIds);
    Map<String, String> ids = settings.questionIds();
    Map<String, List<StoredResponse>> responses = Responses.byRecord(transaction, recordIds, null);
    responses.forEach(
        (recordId, all) -> {
          StoredResponse own =
              all.stream()
                  .filter(response -> response.userId().equals(userId))
                  .findFirst()
                  .orElse(null);
          for (Question question : compared(settings)) {
            Object answer = own == null ? null : answer(question, own);
            if (answer == null) {
              continue;
            }
            for (StoredResponse other : all) {
              Object theirs = answer(question, other);
              if (other.isSubmitted() && !other.userId().equals(userId) && theirs != null) {
                add(others, question, answer.equals(theirs));
              }
            }
            String last = made.getOrDefault(recordId, Map.of()).get(ids.get(question.name()));
            if (last != null) {
              add(adjudicated, question, answer.equals(comparable(question, Json.value(last))));
            }
          }
        });
    Share none = new Share(0, 0);
    Map<String, Shares> shares = new LinkedHashMap<>();
    for (Question question : compared(settings)) {
      String name = question.name();
      shares.put(
          name,
          new Shares(
              question.heading().title(),
              others.getOrDefault(name, none),
              adjudicated.getOrDefault(name, none)));
    }
    return List.copyOf(shares.values());
  }

  /** All but texts, of which no two are alike. */
  private static List<Question> compared(DatasetSettings settings) {
    return settings.feedback().questions().stream()
        .filter(question -> !(question instanceof TextQuestion))
        .toList();
  }

  private static void add(Map<String, Share> shares, Question question, boolean isAlike) {
    shares.compute(
        question.name(), (name, share) -> (share == null ? new Share(0, 0) : share).with(isAlike));
  }

  private static @Nullable Object answer(Question question, StoredResponse response) {
    return response.values().get(question.name()) instanceof Map<?, ?> holder
        ? comparable(question, holder.get("value"))
        : null;
  }

  /** An answer without the order in which labels, ranks and spans were given. */
  private static @Nullable Object comparable(Question question, @Nullable Object plain) {
    if (plain == null) {
      return null;
    }
    Object answer = AnswerJson.read(question, plain);
    return answer instanceof List<?> items ? new HashSet<>(items) : Objects.requireNonNull(answer);
  }
}
