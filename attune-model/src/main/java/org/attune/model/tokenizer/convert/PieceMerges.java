package org.attune.model.tokenizer.convert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The merges that a scored vocabulary stands for.
 *
 * <p>SentencePiece always joins the two neighbours whose union has the highest score. A list of
 * merges says the same if each token is split in every way that leaves two tokens, and the higher
 * score comes first; of one token's splits, the one with the longer left part.
 */
final class PieceMerges {
  private record Split(Merge merge, double score, int leftId, int rightId) {}

  private static final Comparator<Split> ORDER =
      Comparator.comparingDouble(Split::score)
          .thenComparingInt(split -> codePoints(split.merge.left()))
          .thenComparingInt(split -> codePoints(split.merge.right()))
          .reversed()
          .thenComparingInt(Split::leftId)
          .thenComparingInt(Split::rightId);

  private PieceMerges() {}

  /**
   * @param ids the vocabulary
   * @param scores of the tokens that merges may lead to; a higher one is merged first
   */
  static List<Merge> of(Map<String, Integer> ids, Map<String, Double> scores) {
    List<Split> splits = new ArrayList<>();
    scores.forEach(
        (token, score) -> {
          for (int i = token.offsetByCodePoints(0, token.isEmpty() ? 0 : 1);
              i < token.length();
              i = token.offsetByCodePoints(i, 1)) {
            Merge merge = new Merge(token.substring(0, i), token.substring(i));
            Integer left = ids.get(merge.left());
            Integer right = ids.get(merge.right());
            if (left != null && right != null) {
              splits.add(new Split(merge, score, left, right));
            }
          }
        });
    splits.sort(ORDER);
    return splits.stream().map(Split::merge).toList();
  }

  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }
}
