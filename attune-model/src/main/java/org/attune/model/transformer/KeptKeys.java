package org.attune.model.transformer;

import java.nio.ByteBuffer;
import org.attune.model.dropout.Noise;
import org.attune.tensor.DType;
import org.attune.tensor.Tensor;

/**
 * Which of the weights that softmax gave keys are left by a layer's dropout.
 *
 * @param isKept bool {@code [S, H, L, L]}
 * @param rate share that is dropped
 */
record KeptKeys(Tensor isKept, double rate) {
  /** Which keys a query weighs. */
  enum Reach {
    /** Those of its own token and the tokens before it. */
    CAUSAL,
    ALL;

    int of(int query, int length) {
      return this == CAUSAL ? query + 1 : length;
    }
  }

  /** Draws them; out of reach and in filler there are none. */
  static KeptKeys drawn(
      SequenceBlocks.Block block, Noise noise, int layer, double rate, int heads, Reach reach) {
    int longest = block.longest();
    Tensor kept = Tensor.empty(DType.BOOL, block.sequences(), heads, longest, longest);
    ByteBuffer target = kept.bytes();
    byte[] row = new byte[longest];
    byte[] none = new byte[longest];
    for (int s = 0; s < block.sequences(); s++) {
      int first = block.firstToken(s);
      int length = block.length(s);
      for (int head = 0; head < heads; head++) {
        for (int query = 0; query < longest; query++) {
          int weighed = query < length ? reach.of(query, length) : 0;
          if (weighed > 0) {
            noise.drawKeys(row, weighed, rate, layer, head, first + query);
          }
          target.put(row, 0, weighed).put(none, 0, longest - weighed);
        }
      }
    }
    return new KeptKeys(kept, rate);
  }
}
