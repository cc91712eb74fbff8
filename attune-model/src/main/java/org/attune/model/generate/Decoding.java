package org.attune.model.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.attune.model.generate.Search.Logits;
import org.attune.model.generate.Search.Row;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.KeyValueCache;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.transformer.Transformer;
import org.attune.tensor.Crew;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * One worker's searches, advanced together: a row of the batch is a sequence that is still written,
 * and every step computes one token of each.
 */
final class Decoding {
  private final Architecture architecture;
  private final Transformer model;
  private final TokenBatch prompts;
  private final List<Search> searches;
  private final List<int[]> rowsOf = new ArrayList<>(); // of each search
  private int[] tokens; // the newest of each row
  private int[] positions;
  private final boolean keysChange;
  private List<int[]> texts; // of each row, the newest token included; empty unless keys change

  /**
   * @param searches one for each prompt
   */
  Decoding(
      Architecture architecture, Transformer model, List<int[]> prompts, List<Search> searches) {
    this.architecture = architecture;
    this.model = model;
    this.searches = searches;
    OptionalInt start = architecture.decoderStart();
    List<int[]> begun =
        start.isEmpty()
            ? prompts
            : Collections.nCopies(prompts.size(), new int[] {start.getAsInt()});
    TokenBatch known = TokenBatch.of(begun);
    this.prompts = start.isEmpty() ? known : known.reading(TokenBatch.of(prompts));
    tokens = begun.stream().mapToInt(prompt -> prompt[prompt.length - 1]).toArray();
    positions = begun.stream().mapToInt(prompt -> prompt.length - 1).toArray();
    for (int row = 0; row < tokens.length; row++) {
      rowsOf.add(new int[] {row});
    }
    keysChange = architecture.keysHoldUpTo() < architecture.contextLength();
    texts = keysChange ? new ArrayList<>(prompts) : List.of();
  }

  /** Advances until every search has ended. */
  void run() {
    TokenBatch known = prompts;
    while (known != null) {
      known = runWithOneCache(known);
    }
  }

  /**
   * Advances with the keys and values of {@code known} and what follows them.
   *
   * @return what is to be cached anew, where the cached keys of a row have come to their end; null
   *     if every search has ended
   */
  private @Nullable TokenBatch runWithOneCache(TokenBatch known) {
    int further = searches.stream().mapToInt(Search::further).max().orElse(0);
    try (KeyValueCache cache =
        new KeyValueCache(
            known,
            further,
            architecture.layers(),
            architecture.keyHeads(),
            architecture.headSize())) {
      Logits logits = afterKnown(known, cache);
      while (advance(logits, cache)) {
        if (keysChange && hasOutgrownItsKeys()) {
          return TokenBatch.of(texts);
        }
        TokenBatch newest = TokenBatch.next(tokens, positions);
        logits =
            logits(
                TensorScope.with(
                    () -> model.logits(model.hidden(newest, cache.next())).toFloats()));
      }
      return null;
    }
  }

  /** Whether the newest token of a row is the first beyond those whose keys hold. */
  private boolean hasOutgrownItsKeys() {
    return rowsOf.stream()
        .flatMapToInt(Arrays::stream)
        .anyMatch(row -> positions[row] == architecture.keysHoldUpTo());
  }

  private Logits afterKnown(TokenBatch known, KeyValueCache cache) {
    int[] last =
        IntStream.range(0, known.sequences())
            .map(s -> known.start(s) + known.length(s) - 1)
            .toArray();
    return logits(
        TensorScope.with(
            () -> {
              Tensor hidden = model.hidden(known, cache.prefill(known));
              return model.logits(hidden.embedding(Tensor.indices(last))).toFloats();
            }));
  }

  private Logits logits(float[] values) {
    return new Logits(values, architecture.vocabularySize());
  }

  /** Lets every search choose its tokens; whether any goes on. */
  private boolean advance(Logits logits, KeyValueCache cache) {
    List<List<Row>> nextOf = new ArrayList<>(Collections.nCopies(searches.size(), List.of()));
    Crew.share(
        searches.size(),
        i -> {
          if (rowsOf.get(i).length > 0) {
            nextOf.set(i, searches.get(i).advance(logits, rowsOf.get(i)));
          }
        });
    List<Row> next = new ArrayList<>();
    List<int[]> counts = new ArrayList<>(); // from and to in next, of each search
    for (List<Row> rows : nextOf) {
      counts.add(new int[] {next.size(), next.size() + rows.size()});
      next.addAll(rows);
    }
    if (next.isEmpty()) {
      return false;
    }
    int[] parents = next.stream().mapToInt(Row::parent).toArray();
    if (isWorthKeeping(parents)) {
      for (Row row : next) {
        if (keysChange) {
          texts.set(row.parent(), extended(row));
        }
        tokens[row.parent()] = row.token();
        positions[row.parent()] = row.position();
      }
      place(counts, parents);
    } else {
      cache.retain(parents);
      if (keysChange) {
        texts = new ArrayList<>(next.stream().map(this::extended).toList());
      }
      tokens = next.stream().mapToInt(Row::token).toArray();
      positions = next.stream().mapToInt(Row::position).toArray();
      place(counts, IntStream.range(0, parents.length).toArray());
    }
    return true;
  }

  private int[] extended(Row row) {
    int[] text = texts.get(row.parent());
    int[] longer = Arrays.copyOf(text, text.length + 1);
    longer[text.length] = row.token();
    return longer;
  }

  /**
   * Whether all rows go on as they are, or so many that computing the finished ones in vain costs
   * less than copying the others: up to a third.
   */
  private boolean isWorthKeeping(int[] parents) {
    boolean isInOrder =
        IntStream.range(1, parents.length).allMatch(i -> parents[i - 1] < parents[i]);
    return isInOrder && 3 * parents.length > 2 * tokens.length;
  }

  private void place(List<int[]> counts, int[] rows) {
    for (int i = 0; i < searches.size(); i++) {
      rowsOf.set(i, Arrays.copyOfRange(rows, counts.get(i)[0], counts.get(i)[1]));
    }
  }
}
