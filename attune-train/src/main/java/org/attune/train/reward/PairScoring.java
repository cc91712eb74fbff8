package org.attune.train.reward;

import java.util.List;
import java.util.stream.Stream;
import org.attune.model.Replica;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;

/** Scores both sides of pairs in one pass, so that one and the same model judges them. */
record PairScoring(BradleyTerryLoss bradleyTerry) {
  /** Adds the gradient of the pairs' losses, each times {@code weight}, to the replica's. */
  PairSums backward(Replica replica, List<Pair> pairs, double weight) {
    if (pairs.isEmpty()) {
      return PairSums.NONE;
    }
    Scored scored = score(replica, pairs);
    scored.loss.times(weight).backward();
    return scored.sums();
  }

  PairSums forward(Replica replica, List<Pair> pairs) {
    return pairs.isEmpty()
        ? PairSums.NONE
        : GradientMode.without(() -> score(replica, pairs).sums());
  }

  private Scored score(Replica replica, List<Pair> pairs) {
    int count = pairs.size();
    TokenBatch sides =
        TokenBatch.of(
            Stream.concat(pairs.stream().map(Pair::chosen), pairs.stream().map(Pair::rejected))
                .toList());
    float[] given = new float[count];
    for (int i = 0; i < count; i++) {
      given[i] = (float) pairs.get(i).margin();
    }
    Tensor scores = replica.scores(sides).squeezed(1); // [2B], the chosen sides first
    Tensor chosen = scores.narrow(0, 0, count);
    Tensor rejected = scores.narrow(0, count, count);
    Tensor margins = Tensor.vector(given);
    return new Scored(chosen, rejected, bradleyTerry.sum(chosen, rejected, margins));
  }

  private record Scored(Tensor chosen, Tensor rejected, Tensor loss) {
    PairSums sums() {
      return PairSums.of(loss.item(), chosen.detached().toFloats(), rejected.detached().toFloats());
    }
  }
}
