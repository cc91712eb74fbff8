package org.attune.train.ppo;

import java.util.List;
import org.attune.model.Replica;
import org.attune.model.transformer.Completions;
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
    Completions completions =
        model.completions(
            exchanges.stream().map(Exchange::query).toList(),
            exchanges.stream().map(Exchange::response).toList());
    Tensor hidden = completions.predicting(model.hidden(completions.batch()));
    int[] tokens = completions.tokens();
    return new PolicyPass(
        hidden, model.logits(hidden).logSoftmax(), Tensor.of(tokens, tokens.length, 1));
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
