package org.attune.train.ppo;

import java.util.List;
import org.attune.model.Replica;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.Tensor;

/**
 * A model's forward pass over exchanges, read where it predicts response tokens.
 *
 * @param hidden the transformer's output at those positions, {@code [m, C]}
 * @param logProbs log-softmax of the logits there, {@code [m, V]}
 * @param tokens the response tokens, int64 {@code [m, 1]}
 */
record PolicyPass(Tensor hidden, Tensor logProbs, Tensor tokens) {

  static PolicyPass of(Replica model, List<Exchange> exchanges) {
    TokenBatch batch = TokenBatch.of(exchanges.stream().map(Exchange::ids).toList());
    int count = exchanges.stream().mapToInt(e -> e.response().length).sum();
    int[] rows = new int[count];
    int[] targets = new int[count];
    int at = 0;
    for (int s = 0; s < exchanges.size(); s++) {
      Exchange exchange = exchanges.get(s);
      int first = batch.start(s) + exchange.query().length - 1;
      for (int t = 0; t < exchange.response().length; t++) {
        rows[at] = first + t;
        targets[at++] = exchange.response()[t];
      }
    }
    Tensor hidden = model.hidden(batch).embedding(Tensor.indices(rows));
    return new PolicyPass(hidden, model.logits(hidden).logSoftmax(), Tensor.of(targets, count, 1));
  }

  /** log π of each response token, {@code [m]}. */
  Tensor tokenLogProbs() {
    return logProbs.gather(1, tokens).squeezed(1);
  }

  /** V where each response token is predicted, {@code [m]}. */
  Tensor values(Replica model) {
    return model.values(hidden).squeezed(1);
  }

  /** Σ over positions of −Σ p log p, in nats, {@code []}. */
  Tensor entropy() {
    return logProbs.exp().times(logProbs).sum().negated();
  }
}
