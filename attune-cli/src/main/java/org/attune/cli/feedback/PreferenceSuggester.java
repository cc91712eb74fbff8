package org.attune.cli.feedback;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Suggestion;
import org.attune.model.pipeline.Classification;

/**
 * Compares responses in several fields by their rewards: a ranking of all of them, or the label of
 * the best one.
 *
 * <p>The score of a response is the probability that it is the best of them in the model that the
 * reward was trained by, Bradley and Terry's: its share of exp(reward).
 *
 * @param fields with the responses; their names are the options of the question
 */
record PreferenceSuggester(
    Judgement judgement, List<String> fields, Question question, String agent)
    implements Suggester {

  @Override
  public List<Optional<Suggestion>> suggest(List<FeedbackRecord> records) {
    List<List<Optional<Classification>>> judged =
        fields.stream().map(field -> judgement.of(field, records)).toList();
    List<Optional<Suggestion>> suggestions = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      int place = i;
      List<Optional<Classification>> responses =
          judged.stream().map(each -> each.get(place)).toList();
      suggestions.add(
          responses.stream().allMatch(Optional::isPresent)
              ? Optional.of(
                  suggestion(
                      responses.stream()
                          .mapToDouble(each -> each.orElseThrow().logits().get(0))
                          .toArray()))
              : Optional.empty());
    }
    return suggestions;
  }

  private Suggestion suggestion(double[] rewards) {
    double highest = Arrays.stream(rewards).max().orElseThrow();
    double sum = Arrays.stream(rewards).map(reward -> Math.exp(reward - highest)).sum();
    List<Integer> bestFirst = new ArrayList<>();
    for (int i = 0; i < rewards.length; i++) {
      bestFirst.add(i);
    }
    bestFirst.sort((one, other) -> Double.compare(rewards[other], rewards[one]));
    List<Double> shares =
        bestFirst.stream().map(place -> Math.exp(rewards[place] - highest) / sum).toList();
    if (question instanceof RankingQuestion) {
      List<RankedOption> ranking =
          bestFirst.stream()
              .map(place -> new RankedOption(fields.get(place), rank(rewards, rewards[place])))
              .toList();
      return new Suggestion(question.name(), ranking, Suggestion.Source.MODEL, shares, agent);
    }
    return Suggestion.of(question.name(), fields.get(bestFirst.get(0)))
        .byModel(agent, shares.get(0));
  }

  /** One more than there are better ones, so that equal rewards share a rank. */
  private static int rank(double[] rewards, double reward) {
    return 1 + (int) Arrays.stream(rewards).filter(other -> other > reward).count();
  }
}
