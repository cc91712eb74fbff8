package org.attune.server.quality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.attune.feedback.agreement.Agreement;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.Span;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.server.builder.QuestionView;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.record.Records;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * How a dataset stands.
 *
 * @param secondsPerRecord the mean time of an answer, or null if no client tells it
 * @param compared how many records agreement was computed on
 */
public record Figures(
    long records,
    long completed,
    List<Annotator> annotators,
    List<Asked> questions,
    @Nullable Double secondsPerRecord,
    int compared) {

  private static final int MOST_COMPARED = 50_000;

  /** What one person did. */
  public record Annotator(
      String name, long submitted, long discarded, long drafts, @Nullable Double seconds) {}

  /**
   * How often an answer was given.
   *
   * @param retired whether nobody can choose it any more
   */
  public record Bar(String text, long count, long all, boolean retired) {
    public long percent() {
      return all == 0 ? 0 : Math.round(100.0 * count / all);
    }
  }

  /**
   * One question.
   *
   * @param agreement null for kinds of question that have none
   */
  public record Asked(
      String id, QuestionView view, long answers, List<Bar> bars, @Nullable Agreement agreement) {}

  static Figures of(Transaction transaction, DatasetSettings settings) {
    Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
    Map<String, Long> answers = new LinkedHashMap<>();
    List<FeedbackRecord> several = new ArrayList<>();
    SubmittedAnswers.each(
        transaction,
        settings,
        record -> {
          if (record.responses().size() > 1 && several.size() < MOST_COMPARED) {
            several.add(record);
          }
          record
              .responses()
              .forEach(
                  response ->
                      response
                          .values()
                          .forEach(
                              (name, answer) -> {
                                answers.merge(name, 1L, Long::sum);
                                count(
                                    answer,
                                    counts.computeIfAbsent(name, key -> new LinkedHashMap<>()));
                              }));
        });
    List<Asked> questions = new ArrayList<>();
    Map<String, String> ids = settings.questionIds();
    for (Question question : settings.feedback().questions()) {
      String name = question.name();
      long all = answers.getOrDefault(name, 0L);
      QuestionView view = QuestionView.of(question);
      Map<String, Long> given = counts.getOrDefault(name, Map.of());
      questions.add(
          new Asked(
              ids.getOrDefault(name, ""),
              view,
              all,
              bars(view, given, all),
              Agreement.isDefinedFor(question) ? Agreement.of(question, several) : null));
    }
    String id = settings.dataset().id();
    return new Figures(
        Records.count(transaction, settings.dataset()),
        Records.countCompleted(transaction, settings.dataset()),
        annotators(transaction, id),
        questions,
        transaction
            .find(
                "SELECT AVG(seconds) FROM responses WHERE dataset_id = ? AND seconds IS NOT NULL"
                    + " HAVING COUNT(*) > 0",
                (row, index) -> row.getDouble(1),
                id)
            .orElse(null),
        several.size());
  }

  /** A bar for each option, and for each that answers have and is retired. */
  private static List<Bar> bars(QuestionView view, Map<String, Long> given, long all) {
    List<Bar> bars = new ArrayList<>();
    Map<String, Long> others = new TreeMap<>(given);
    for (QuestionView.Choice option : view.options()) {
      bars.add(new Bar(option.text(), given.getOrDefault(option.value(), 0L), all, false));
      others.remove(option.value());
    }
    if (!bars.isEmpty()) {
      others.forEach((value, count) -> bars.add(new Bar(value, count, all, true)));
    }
    return bars;
  }

  private static List<Annotator> annotators(Transaction transaction, String datasetId) {
    return transaction.list(
        "SELECT u.username,"
            + " SUM(CASE WHEN r.status = 'submitted' THEN 1 ELSE 0 END) AS submitted,"
            + " SUM(CASE WHEN r.status = 'discarded' THEN 1 ELSE 0 END) AS discarded,"
            + " SUM(CASE WHEN r.status = 'draft' THEN 1 ELSE 0 END) AS drafts,"
            + " AVG(r.seconds) AS seconds FROM responses r JOIN users u ON u.id = r.user_id"
            + " WHERE r.dataset_id = ? GROUP BY u.username ORDER BY submitted DESC, u.username",
        (row, index) -> {
          double seconds = row.getDouble("seconds");
          return new Annotator(
              row.getString("username"),
              row.getLong("submitted"),
              row.getLong("discarded"),
              row.getLong("drafts"),
              row.wasNull() ? null : seconds);
        },
        datasetId);
  }

  private static void count(Object answer, Map<String, Long> counts) {
    if (answer instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof RankedOption ranked) {
          if (Integer.valueOf(1).equals(ranked.rank())) {
            counts.merge(ranked.value(), 1L, Long::sum);
          }
        } else {
          String text = item instanceof Span span ? span.label() : String.valueOf(item);
          counts.merge(text, 1L, Long::sum);
        }
      }
    } else {
      counts.merge(String.valueOf(answer), 1L, Long::sum);
    }
  }
}
