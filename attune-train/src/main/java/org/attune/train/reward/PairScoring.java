package org.attune.train.reward;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.attune.model.Replica;
import org.attune.model.tokenizer.TokenSequence;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Scores both sides of pairs in one pass, so that one and the same model judges them. A text that
 * stands in several pairs goes through the model once: pairs made from one ranking share most of
 * their texts. Ouyang et al. 2022 (arXiv:2203.02155), section 3.5.
 */
record PairScoring(BradleyTerryLoss bradleyTerry) {
  /**
   * Adds the gradient of the pairs' losses, each times {@code weight}, to the replica's.
   *
   * @param dropout of the pairs' texts; null drops nothing
   */
  PairSums backward(
      Replica replica, List<Pair> pairs, @Nullable TextDropout dropout, double weight) {
    if (pairs.isEmpty()) {
      return PairSums.NONE;
    }
    Scored scored = score(replica, pairs, dropout);
    scored.loss.times(weight).backward();
    return scored.sums();
  }

  PairSums forward(Replica replica, List<Pair> pairs) {
    return pairs.isEmpty()
        ? PairSums.NONE
        : GradientMode.without(() -> score(replica, pairs, null).sums());
  }

  private Scored score(Replica replica, List<Pair> pairs, @Nullable TextDropout dropout) {
    List<TokenSequence> texts = // each once, the longest first
        pairs.stream()
            .flatMap(pair -> Stream.of(pair.chosen(), pair.rejected()))
            .distinct()
            .sorted(Comparator.comparingInt(TokenSequence::length).reversed())
            .toList();
    Map<TokenSequence, Integer> places = new HashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      places.put(texts.get(i), i);
    }
    TokenBatch batch =
        TokenBatch.ofSequences(texts).dropping(dropout == null ? null : dropout.of(texts));
    Tensor scores = replica.scores(batch).squeezed(1); // one for each text
    Tensor chosen = scores.indexSelect(0, places(pairs, Pair::chosen, places)); // [B]
    Tensor rejected = scores.indexSelect(0, places(pairs, Pair::rejected, places)); // [B]
    float[] given = new float[pairs.size()];
    for (int i = 0; i < given.length; i++) {
      given[i] = (float) pairs.get(i).margin();
    }
    Tensor margins = Tensor.vector(given);
    return new Scored(chosen, rejected, bradleyTerry.sum(chosen, rejected, margins));
  }

  private static Tensor places(
      List<Pair> pairs, Function<Pair, TokenSequence> side, Map<TokenSequence, Integer> places) {
    return Tensor.indices(pairs.stream().mapToInt(pair -> places.get(side.apply(pair))).toArray());
  }

  private record Scored(Tensor chosen, Tensor rejected, Tensor loss) {
    PairSums sums() {
      return PairSums.of(loss.item(), chosen.detached().toFloats(), rejected.detached().toFloats());
    }
  }
}
