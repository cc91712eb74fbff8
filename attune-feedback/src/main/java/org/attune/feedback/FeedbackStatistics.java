package org.attune.feedback;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attune.feedback.agreement.Agreement;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Option;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.Span;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.ResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a dataset holds, in numbers.
 *
 * @param records all records
 * @param completed records with at least {@code minSubmitted} submitted responses
 * @param minSubmitted how many submitted responses complete a record
 * @param users different user ids among the responses
 * @param responses how many responses there are of each status
 * @param suggestions all suggestions
 * @param questions each question in its order
 */
@JsonNaming(SnakeCaseStrategy.class)
public record FeedbackStatistics(
    int records,
    int completed,
    int minSubmitted,
    int users,
    Map<ResponseStatus, Integer> responses,
    int suggestions,
    List<QuestionStatistics> questions) {

  /**
   * The submitted answers to one question.
   *
   * @param answers how many there are
   * @param records how many records have at least one
   * @param distribution how often each rating, label or span label was given, or each option ranked
   *     first; empty for texts
   * @param mean the mean rating; null for other questions, or without answers
   * @param agreement how far people agree; null for texts and spans
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record QuestionStatistics(
      String name,
      String type,
      int answers,
      int records,
      Map<String, Integer> distribution,
      @Nullable Double mean,
      @Nullable Agreement agreement) {}

  /** Statistics of a dataset in which one submitted response completes a record. */
  public static FeedbackStatistics of(FeedbackDataset dataset) {
    return of(dataset, 1);
  }

  public static FeedbackStatistics of(FeedbackDataset dataset, int minSubmitted) {
    Map<ResponseStatus, Integer> responses = new EnumMap<>(ResponseStatus.class);
    for (ResponseStatus status : ResponseStatus.values()) {
      responses.put(status, 0);
    }
    Set<@Nullable String> users = new HashSet<>();
    int completed = 0;
    int suggestions = 0;
    List<FeedbackRecord> records = dataset.records();
    for (FeedbackRecord record : records) {
      for (Response response : record.responses()) {
        responses.merge(response.status(), 1, Integer::sum);
        users.add(response.userId());
      }
      completed += record.submitted().count() >= minSubmitted ? 1 : 0;
      suggestions += record.suggestions().size();
    }
    users.remove(null);
    List<QuestionStatistics> questions =
        dataset.settings().questions().stream().map(question -> of(question, records)).toList();
    return new FeedbackStatistics(
        records.size(), completed, minSubmitted, users.size(), responses, suggestions, questions);
  }

  /** The share of records that are complete, from 0 to 1; 1 if there are none. */
  public double progress() {
    return records == 0 ? 1 : (double) completed / records;
  }

  private static QuestionStatistics of(Question question, List<FeedbackRecord> records) {
    Map<String, Integer> distribution = new LinkedHashMap<>();
    choices(question).forEach(choice -> distribution.put(choice, 0));
    int answers = 0;
    int answered = 0;
    long ratings = 0;
    for (FeedbackRecord record : records) {
      List<Object> given = record.answers(question.name()).toList();
      answers += given.size();
      answered += given.isEmpty() ? 0 : 1;
      for (Object answer : given) {
        chosen(question, answer)
            .forEach(choice -> distribution.computeIfPresent(choice, (key, count) -> count + 1));
        ratings += answer instanceof Integer rating ? rating : 0;
      }
    }
    return new QuestionStatistics(
        question.name(),
        question.type(),
        answers,
        answered,
        distribution,
        question instanceof RatingQuestion && answers > 0
            ? (Double) ((double) ratings / answers)
            : null,
        Agreement.isDefinedFor(question) ? Agreement.of(question, records) : null);
  }

  private static List<String> choices(Question question) {
    if (question instanceof RatingQuestion rating) {
      return rating.values().stream().map(String::valueOf).toList();
    }
    if (question instanceof LabelQuestion label) {
      return label.options().stream().map(Option::value).toList();
    }
    if (question instanceof MultiLabelQuestion labels) {
      return labels.options().stream().map(Option::value).toList();
    }
    if (question instanceof RankingQuestion ranking) {
      return ranking.options().stream().map(Option::value).toList();
    }
    if (question instanceof SpanQuestion span) {
      return span.options().stream().map(Option::value).toList();
    }
    return List.of();
  }

  private static List<String> chosen(Question question, Object answer) {
    List<String> chosen = new ArrayList<>();
    if (question instanceof RatingQuestion || question instanceof LabelQuestion) {
      chosen.add(answer.toString());
    } else if (answer instanceof List<?> items) {
      for (Object item : items) {
        if (item instanceof String label) {
          chosen.add(label);
        } else if (item instanceof Span span) {
          chosen.add(span.label());
        } else if (item instanceof RankedOption ranked
            && Integer.valueOf(1).equals(ranked.rank())) {
          chosen.add(ranked.value());
        }
      }
    }
    return chosen;
  }
}
