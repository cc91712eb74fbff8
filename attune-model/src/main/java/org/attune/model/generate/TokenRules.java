package org.attune.model.generate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import org.attune.model.generate.logits.BiasedSequence;

/**
 * Tokens that are forbidden, forced or favoured; none by default.
 *
 * @param noRepeatNgramSize forbids a second occurrence of any run of that many tokens; 0 is off
 * @param badWords runs of tokens that are never completed
 * @param sequenceBias runs of tokens that are made more or less likely
 * @param suppressed tokens that are never written
 * @param suppressedAtBegin tokens that are not written first
 * @param forcedSecond the token that follows a prompt of a single one
 * @param forcedLast tokens of which one is written where the length limit is reached
 */
public record TokenRules(
    int noRepeatNgramSize,
    List<List<Integer>> badWords,
    List<BiasedSequence> sequenceBias,
    List<Integer> suppressed,
    List<Integer> suppressedAtBegin,
    OptionalInt forcedSecond,
    List<Integer> forcedLast) {
  public TokenRules {
    badWords = badWords.stream().map(List::copyOf).toList();
    sequenceBias = List.copyOf(sequenceBias);
    suppressed = List.copyOf(suppressed);
    suppressedAtBegin = List.copyOf(suppressedAtBegin);
    forcedLast = List.copyOf(forcedLast);
  }

  /** The tokens that a model must have a logit for. */
  List<Integer> ids() {
    List<Integer> ids = new ArrayList<>();
    badWords.forEach(ids::addAll);
    sequenceBias.forEach(sequence -> ids.addAll(sequence.tokens()));
    ids.addAll(suppressed);
    ids.addAll(suppressedAtBegin);
    forcedSecond.ifPresent(ids::add);
    ids.addAll(forcedLast);
    return ids;
  }

  void check(Problems problems) {
    problems.require(
        noRepeatNgramSize >= 0,
        "no-repeat-ngram-size must be >= 0 but was %s. Use 0 to allow repetition.",
        noRepeatNgramSize);
    problems.require(
        badWords.stream().noneMatch(List::isEmpty),
        "bad-words must not hold an empty word but was %s. Remove it.",
        badWords);
    badWords.forEach(word -> problems.requireIds(word, "bad-words"));
    for (BiasedSequence sequence : sequenceBias) {
      problems.require(
          !sequence.tokens().isEmpty() && Double.isFinite(sequence.bias()),
          "sequence-bias must give tokens a finite bias but was %s. Use bad-words to forbid.",
          sequence);
      problems.requireIds(sequence.tokens(), "sequence-bias");
    }
    problems.requireIds(suppressed, "suppress-tokens");
    problems.requireIds(suppressedAtBegin, "begin-suppress-tokens");
    problems.requireIds(forcedLast, "forced-eos-token-id");
    problems.require(
        forcedSecond.isEmpty() || forcedSecond.getAsInt() >= 0,
        "forced-bos-token-id must be >= 0 but was %s. Give a token's id.",
        forcedSecond);
    problems.require(
        forcedLast.isEmpty() || !new HashSet<>(suppressed).containsAll(forcedLast),
        "forced-eos-token-id is suppressed: %s. Remove it from suppress-tokens.",
        forcedLast);
    problems.require(
        forcedSecond.isEmpty() || !suppressed.contains(forcedSecond.getAsInt()),
        "forced-bos-token-id is suppressed: %s. Remove it from suppress-tokens.",
        forcedSecond);
  }
}
