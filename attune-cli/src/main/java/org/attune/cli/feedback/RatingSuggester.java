package org.attune.cli.feedback;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.attune.data.InvalidInputException;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Suggestion;
import org.attune.model.pipeline.Classification;

/**
 * Suggests the rating that a reward stands for. A reward's scale is arbitrary, so it is held
 * against people's ratings: the line of least squares through rewards and mean ratings, rounded to
 * the nearest rating of the question.
 */
record RatingSuggester(
    Judgement judgement, String field, RatingQuestion question, String agent, Line line)
    implements Suggester {

  /** Records with a rating that a line takes at least. */
  static final int FEWEST_RATED = 10;

  /** rating = intercept + slope × reward. */
  record Line(double slope, double intercept) {

    static Line through(List<double[]> points) {
      double meanReward = points.stream().mapToDouble(point -> point[0]).average().orElseThrow();
      double meanRating = points.stream().mapToDouble(point -> point[1]).average().orElseThrow();
      double together = 0;
      double spread = 0;
      for (double[] point : points) {
        together += (point[0] - meanReward) * (point[1] - meanRating);
        spread += (point[0] - meanReward) * (point[0] - meanReward);
      }
      double slope = spread == 0 ? 0 : together / spread;
      return new Line(slope, meanRating - slope * meanReward);
    }

    double at(double reward) {
      return intercept + slope * reward;
    }
  }

  /**
   * A suggester that learned the scale from rated records.
   *
   * @throws InvalidInputException if they are too few, or their ratings do not rise with the reward
   */
  static RatingSuggester learned(
      Judgement judgement,
      String field,
      RatingQuestion question,
      String agent,
      List<FeedbackRecord> rated) {
    List<Optional<Classification>> judged = judgement.of(field, rated);
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < rated.size(); i++) {
      double rating =
          rated
              .get(i)
              .answers(question.name())
              .mapToInt(answer -> (Integer) answer)
              .average()
              .orElseThrow();
      judged.get(i).ifPresent(reward -> points.add(new double[] {reward.logits().get(0), rating}));
    }
    if (points.size() < FEWEST_RATED) {
      throw new InvalidInputException(
          "Rewards have no scale of their own, and only %d records with a rating of \"%s\" say what they mean; %d are needed. Let people rate more records first."
              .formatted(points.size(), question.name(), FEWEST_RATED));
    }
    Line line = Line.through(points);
    if (!(line.slope() > 0)) {
      throw new InvalidInputException(
          "The ratings of \"%s\" do not rise with the model's rewards over %d records, so it has nothing to suggest. Train it on such answers, or name another question."
              .formatted(question.name(), points.size()));
    }
    return new RatingSuggester(judgement, field, question, agent, line);
  }

  @Override
  public List<Optional<Suggestion>> suggest(List<FeedbackRecord> records) {
    return judgement.of(field, records).stream()
        .map(
            judged ->
                judged.map(
                    reward ->
                        new Suggestion(
                            question.name(),
                            nearest(line.at(reward.logits().get(0))),
                            Suggestion.Source.MODEL,
                            List.of(),
                            agent)))
        .toList();
  }

  private Integer nearest(double rating) {
    return question.values().stream()
        .min(Comparator.comparingDouble(value -> Math.abs(value - rating)))
        .orElseThrow();
  }
}
