package org.attune.model.gguf;

import java.util.function.LongUnaryOperator;
import org.attune.model.checkpoint.ConfigJson;

/** How the numbers of a tensor stand in a GGUF file, compared with transformers. */
enum Arrangement {
  /** As they are there. */
  SAME {
    @Override
    RowLayout.Strided of(long rows, long columns, ConfigJson config) {
      return RowLayout.ofRows(row -> row, columns);
    }
  },

  /** Rows of queries: the two halves of each head, which rotary positions pair, are interleaved. */
  INTERLEAVED_QUERIES {
    @Override
    RowLayout.Strided of(long rows, long columns, ConfigJson config) {
      return interleaved(rows, columns, config.integer("num_attention_heads"));
    }
  },

  /** As {@link #INTERLEAVED_QUERIES}, for keys. */
  INTERLEAVED_KEYS {
    @Override
    RowLayout.Strided of(long rows, long columns, ConfigJson config) {
      return interleaved(
          rows,
          columns,
          config.integer("num_key_value_heads", config.integer("num_attention_heads")));
    }
  },

  /** Rows and columns swapped. */
  TRANSPOSED {
    @Override
    RowLayout.Strided of(long rows, long columns, ConfigJson config) {
      return new RowLayout.Strided(row -> row, rows, 0);
    }
  },

  /** Weights of a norm, which multiply as they are; transformers adds one to them. */
  ONE_MORE {
    @Override
    RowLayout.Strided of(long rows, long columns, ConfigJson config) {
      return new RowLayout.Strided(row -> row * columns, 1, -1);
    }
  },

  /**
   * Falcon's rows of queries, keys and values: all queries, then all keys, then all values;
   * transformers has them together for each key head.
   */
  UNGROUPED {
    @Override
    RowLayout.Strided of(long rows, long columns, ConfigJson config) {
      long heads = config.integer("num_attention_heads");
      long groups = config.integer("num_kv_heads");
      long headSize = rows / (heads + 2 * groups);
      long queries = heads / groups;
      return RowLayout.ofRows(
          row -> {
            long head = row / headSize;
            long group = head < heads ? head / queries : (head - heads) % groups;
            long place = head < heads ? head % queries : queries + (head - heads) / groups;
            return (group * (queries + 2) + place) * headSize + row % headSize;
          },
          columns);
    }
  };

  /** The layout of a tensor that has so many rows and columns in the GGUF file. */
  abstract RowLayout.Strided of(long rows, long columns, ConfigJson config);

  /**
   * The layout of a vector: of one that has a number for each row of a matrix, such as a bias, that
   * of these rows.
   */
  final RowLayout ofVector(long length, ConfigJson config) {
    return this == ONE_MORE
        ? of(1, length, config)
        : new RowLayout.Vector(of(length, 1, config).first());
  }

  private static RowLayout.Strided interleaved(long rows, long columns, long heads) {
    long headSize = rows / heads;
    LongUnaryOperator source =
        row -> {
          long inHead = row % headSize;
          return row - inHead + inHead % 2 * (headSize / 2) + inHead / 2;
        };
    return RowLayout.ofRows(source, columns);
  }
}
