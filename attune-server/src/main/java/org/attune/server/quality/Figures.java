package org.attune.server.quality;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.attune.feedback.agreement.Agreement;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.Span;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.server.builder.QuestionView;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * What was answered: how often, how much alike, and how fast. It takes a look at every answer.
 *
 * @param seconds the time of an answer, or null if no page told it
 * @param secondsByUser the same from the id of a person, for those whose pages told it
 * @param compared how many records have several answers, as far as they are compared
 */
public record Figures(
    List<Asked> questions,
    @Nullable Quartiles seconds,
    Map<String, Quartiles> secondsByUser,
    int compared) {

  private static final int MOST_COMPARED = 50_000;

  public Figures {
    questions = List.copyOf(questions);
    secondsByUser = Map.copyOf(secondsByUser);
  }

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
    List<Double> times = new ArrayList<>();
    Map<String, List<Double>> timesByUser = new HashMap<>();
    SubmittedAnswers.each(
        transaction,
        settings,
        (userId, seconds) -> {
          times.add(seconds);
          timesByUser.computeIfAbsent(userId, user -> new ArrayList<>()).add(seconds);
        },
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
              Agreement.isDefinedFor(question)
                  ? Agreement.of(question, ComparedAnswers.of(question, several))
                  : null));
    }
    Map<String, Quartiles> secondsByUser = new HashMap<>();
    timesByUser.forEach(
        (userId, each) -> {
          Quartiles quartiles = Quartiles.of(each);
          if (quartiles != null) {
            secondsByUser.put(userId, quartiles);
          }
        });
    return new Figures(questions, Quartiles.of(times), secondsByUser, several.size());
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

  /** The agreement on the question that people agree on least, or null if there is none yet. */
  public @Nullable Double lowestAlpha() {
    return questions.stream()
        .map(Asked::agreement)
        .filter(Objects::nonNull)
        .map(Agreement::alpha)
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .orElse(null);
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
