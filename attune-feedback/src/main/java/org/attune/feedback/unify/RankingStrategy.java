package org.attune.feedback.unify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.feedback.question.Option;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;

/**
 * How rankings are unified. A ranking counts as its ranks in the order in which the question lists
 * the options; results are sorted by rank, options of equal rank as the question lists them.
 */
public enum RankingStrategy implements UnificationStrategy {
  /** The rank of each option is the mean of its ranks, halves rounded to the even number. */
  MEAN {
    @Override
    List<Integer> unify(List<List<Integer>> rankings) {
      return IntStream.range(0, rankings.get(0).size())
          .map(
              option ->
                  (int)
                      Math.rint(
                          rankings.stream()
                              .mapToInt(ranks -> ranks.get(option))
                              .average()
                              .orElseThrow()))
          .boxed()
          .toList();
    }
  },
  /** The most frequent complete ranking; of equally frequent ones that of {@link #MIN}. */
  MAJORITY {
    @Override
    List<Integer> unify(List<List<Integer>> rankings) {
      List<List<Integer>> candidates = rankings.stream().distinct().sorted(LEXICOGRAPHIC).toList();
      return UnificationStrategy.mostFrequent(candidates, rankings);
    }
  },
  /** The lexicographically largest ranking: hardest on the options listed first. */
  MAX {
    @Override
    List<Integer> unify(List<List<Integer>> rankings) {
      return rankings.stream().max(LEXICOGRAPHIC).orElseThrow();
    }
  },
  /** The lexicographically smallest ranking: kindest to the options listed first. */
  MIN {
    @Override
    List<Integer> unify(List<List<Integer>> rankings) {
      return rankings.stream().min(LEXICOGRAPHIC).orElseThrow();
    }
  };

  private static final Comparator<List<Integer>> LEXICOGRAPHIC =
      (first, second) ->
          IntStream.range(0, first.size())
              .map(option -> Integer.compare(first.get(option), second.get(option)))
              .filter(difference -> difference != 0)
              .findFirst()
              .orElse(0);

  abstract List<Integer> unify(List<List<Integer>> rankings);

  @Override
  public List<Object> unify(Question question, List<Object> answers) {
    List<Option> options = ((RankingQuestion) question).options();
    List<Integer> ranks = unify(answers.stream().map(answer -> ranks(options, answer)).toList());
    List<RankedOption> unified = new ArrayList<>();
    for (int option = 0; option < options.size(); option++) {
      unified.add(new RankedOption(options.get(option).value(), ranks.get(option)));
    }
    unified.sort(Comparator.comparing(RankedOption::rank));
    return List.of(List.copyOf(unified));
  }

  private static List<Integer> ranks(List<Option> options, Object answer) {
    Map<String, Integer> ranks = new HashMap<>();
    for (Object place : (List<?>) answer) {
      RankedOption ranked = (RankedOption) place;
      if (ranked.rank() != null) {
        ranks.put(ranked.value(), ranked.rank());
      }
    }
    return options.stream().map(option -> ranks.getOrDefault(option.value(), 0)).toList();
  }
}
