package org.attune.model.decoder;

import org.attune.tensor.Tensor;

/**
 * Norms of queries and keys before they turn, {@code [N, H, D]} each. Henry et al. 2020
 * (arXiv:2010.04245), section 3, with RMS norms.
 */
public interface QueryKeyNorm {
  Tensor queries(Tensor queries);

  Tensor keys(Tensor keys);

  /** Each head by itself, with one scale for all: {@code [D]}. */
  static QueryKeyNorm ofEachHead(RmsNorm query, RmsNorm key) {
    return of(query, key);
  }

  /** All heads of a token together: {@code [H · D]} and {@code [K · D]}. */
  static QueryKeyNorm acrossHeads(RmsNorm query, RmsNorm key) {
    return of(joined(query), joined(key));
  }

  private static RmsNorm joined(RmsNorm norm) {
    return heads ->
        norm.of(heads.reshaped(heads.size(0), heads.size(1) * heads.size(2)))
            .view(heads.size(0), heads.size(1), heads.size(2));
  }

  private static QueryKeyNorm of(RmsNorm query, RmsNorm key) {
    return new QueryKeyNorm() {
      @Override
      public Tensor queries(Tensor queries) {
        return query.of(queries);
      }

      @Override
      public Tensor keys(Tensor keys) {
        return key.of(keys);
      }
    };
  }
}
