package org.attune.model.transformer;

import java.util.ArrayList;
import java.util.List;
import org.attune.model.transformer.Attention.KeysAndValues;
import org.attune.model.transformer.SequenceBlocks.Block;
import org.attune.tensor.Tensor;

/**
 * Each token of a decoder looks at all tokens that the encoder read for its sequence. Vaswani et
 * al. 2017 (arXiv:1706.03762), section 3.2.3.
 *
 * <p>Sequences are laid out in the blocks of {@link SequenceBlocks}, cut where either side's
 * lengths change.
 */
final class SourceAttention {
  private final List<Block> targets;
  private final List<Block> sources;

  /** Prepares for a batch; index tensors live in the current scope. */
  SourceAttention(TokenBatch batch, TokenBatch source) {
    targets = new ArrayList<>();
    sources = new ArrayList<>();
    for (int[] range : SequenceBlocks.ranges(batch, source)) {
      targets.add(new Block(batch, range[0], range[1]));
      sources.add(new Block(source, range[0], range[1]));
    }
  }

  /** {@code [N, H · D]} of queries {@code [N, H, D]}. */
  Tensor attend(AttentionForm form, Tensor queries, KeysAndValues read) {
    List<Tensor> queriesOf = queries.split(0, tokens(targets));
    List<Tensor> keysOf = read.keys().split(0, tokens(sources));
    List<Tensor> valuesOf = read.values().split(0, tokens(sources));
    List<Tensor> attended = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      attended.add(
          attended(
              form,
              targets.get(i),
              sources.get(i),
              queriesOf.get(i),
              keysOf.get(i),
              valuesOf.get(i)));
    }
    return attended.size() == 1 ? attended.get(0) : Tensor.concatenated(attended, 0);
  }

  private static long[] tokens(List<Block> blocks) {
    return blocks.stream().mapToLong(Block::tokens).toArray();
  }

  private static Tensor attended(
      AttentionForm form, Block target, Block source, Tensor queries, Tensor keys, Tensor values) {
    long heads = queries.size(1);
    return target.inOrder(
        ScoredKeys.attend(
            form,
            target.laidOut(queries, heads),
            source.laidOut(keys, heads),
            source.laidOut(values, heads),
            source.hasFiller() ? source.hiddenFiller() : null));
  }
}
