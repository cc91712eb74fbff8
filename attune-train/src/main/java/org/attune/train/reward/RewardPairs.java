package org.attune.train.reward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.data.Row;
import org.attune.data.RowKind;
import org.attune.model.LanguageModel;
import org.attune.model.template.Conversation.Ending;
import org.attune.model.tokenizer.SequenceEncoder;
import org.attune.model.tokenizer.TokenSequence;
import org.attune.train.rows.Conversations;
import org.jspecify.annotations.Nullable;

/**
 * From preference rows to pairs of token sequences.
 *
 * <p>Texts are encoded as the {@link SequenceEncoder} says, messages in the form of the model's
 * chat template. Token ids are taken as they are, without those that the attention mask leaves out.
 *
 * @param pairs in the rows' order
 * @param dropped rows with a side that is longer than allowed
 */
record RewardPairs(List<Pair> pairs, int dropped) {
  private static final int SHOWN_ROWS = 8;

  /**
   * Reads rows.
   *
   * @param what the rows are for, such as {@code "training"}
   * @throws DatasetFormatException if a row is no pair, or none is left
   */
  static RewardPairs of(Dataset rows, String what, LanguageModel model, SequenceEncoder encoder) {
    boolean tokenized = areTokenized(rows);
    if (!tokenized) {
      RowKind.PREFERENCE.require(rows.columnNames());
    }
    boolean hasPrompt = rows.columnNames().contains("prompt");
    boolean hasMargin = rows.columnNames().contains("margin");
    List<Pair> pairs = new ArrayList<>();
    List<Long> identical = new ArrayList<>();
    int dropped = 0;
    try (Stream<Row> stream = rows.rows()) {
      for (Row row : (Iterable<Row>) stream::iterator) {
        Side side =
            tokenized
                ? name -> tokens(row, name, model)
                : name -> text(row, name, hasPrompt, model, encoder);
        TokenSequence chosen = side.tokens("chosen");
        TokenSequence rejected = side.tokens("rejected");
        if (chosen.equals(rejected)) {
          identical.add(row.number());
        } else if (!encoder.accepts(chosen) || !encoder.accepts(rejected)) {
          dropped++;
        } else {
          double margin = hasMargin ? margin(row) : 0;
          pairs.add(new Pair(Math.toIntExact(row.number()), chosen, rejected, margin));
        }
      }
    }
    if (!identical.isEmpty()) {
      throw identical(identical, what, tokenized);
    }
    if (pairs.isEmpty()) {
      throw DatasetFormatException.of(
          "None of the %,d %s rows has both sides within %,d tokens (reward.max-length and the model's context). Raise reward.max-length, or give shorter texts."
              .formatted(dropped, what, encoder.maxLength()));
    }
    return new RewardPairs(pairs, dropped);
  }

  static boolean areTokenized(Dataset rows) {
    return RowKind.of(rows.columnNames()) == RowKind.TOKENIZED_PREFERENCE;
  }

  /** Whether every side ends with this token. */
  boolean allEndWith(OptionalInt token) {
    return token.isPresent()
        && pairs.stream()
            .flatMap(pair -> Stream.of(pair.chosen(), pair.rejected()))
            .allMatch(side -> side.ids()[side.length() - 1] == token.getAsInt());
  }

  /** The tokens of a side, by its name. */
  private interface Side {
    TokenSequence tokens(String name);
  }

  private static TokenSequence text(
      Row row, String side, boolean hasPrompt, LanguageModel model, SequenceEncoder encoder) {
    TokenSequence sequence =
        Conversations.areIn(row, side)
            ? messages(row, side, hasPrompt, model)
            : hasPrompt
                ? encoder.encode(model.tokenizer(), row.text("prompt"), row.text(side))
                : encoder.encode(model.tokenizer(), row.text(side));
    if (sequence.length() == 0) {
      throw wrong(row, side, "has no tokens, and a score is read at the last one", "Drop the row.");
    }
    return sequence;
  }

  private static TokenSequence messages(
      Row row, String side, boolean hasPrompt, LanguageModel model) {
    Conversations conversations = new Conversations(model.chatTemplates(), model.tokenizer());
    return TokenSequence.of(
        hasPrompt
            ? conversations.ids(row, Ending.CLOSED, "prompt", side)
            : conversations.ids(row, Ending.CLOSED, side));
  }

  private static TokenSequence tokens(Row row, String side, LanguageModel model) {
    String idsColumn = "input_ids_" + side;
    String maskColumn = "attention_mask_" + side;
    List<@Nullable Object> ids = row.list(idsColumn);
    List<@Nullable Object> mask = row.list(maskColumn);
    if (ids.size() != mask.size()) {
      throw wrong(
          row,
          maskColumn,
          "has %,d entries, but %s has %,d".formatted(mask.size(), idsColumn, ids.size()),
          "Give one entry for each token.");
    }
    int vocabulary = model.architecture().vocabularySize();
    int[] kept = new int[ids.size()];
    int count = 0;
    for (int i = 0; i < kept.length; i++) {
      if (!(mask.get(i) instanceof Long attended) || attended < 0 || attended > 1) {
        throw wrong(
            row, maskColumn, "must hold 0 and 1 but has " + mask.get(i), "Correct the row.");
      }
      if (!(ids.get(i) instanceof Long id) || id < 0 || id >= vocabulary) {
        throw wrong(
            row,
            idsColumn,
            "must hold token ids of 0 to %,d but has %s".formatted(vocabulary - 1, ids.get(i)),
            "Tokenize with the tokenizer of the model.");
      }
      if (attended == 1) {
        kept[count++] = id.intValue();
      }
    }
    if (count == 0) {
      throw wrong(
          row, maskColumn, "leaves no token, and a score is read at the last one", "Drop the row.");
    }
    return TokenSequence.of(Arrays.copyOf(kept, count));
  }

  private static double margin(Row row) {
    double margin = row.has("margin") ? row.number("margin") : 0;
    if (!Double.isFinite(margin)) {
      throw wrong(row, "margin", "must be a finite number but was " + margin, "Correct the row.");
    }
    return margin;
  }

  private static DatasetFormatException wrong(Row row, String column, String what, String fix) {
    return DatasetFormatException.of(
        "Row %d, column \"%s\": %s. %s".formatted(row.number(), column, what, fix));
  }

  private static DatasetFormatException identical(List<Long> rows, String what, boolean tokenized) {
    String prefix = tokenized ? "input_ids_" : "";
    String shown =
        rows.stream()
            .limit(SHOWN_ROWS)
            .map(number -> Long.toString(number))
            .collect(Collectors.joining(", "));
    String more =
        rows.size() > SHOWN_ROWS ? " and %,d more".formatted(rows.size() - SHOWN_ROWS) : "";
    return DatasetFormatException.of(
        "%s %s%s of the %s data: \"%schosen\" and \"%srejected\" are identical. A pair needs two different completions; drop it or correct one of its sides."
            .formatted(rows.size() == 1 ? "Row" : "Rows", shown, more, what, prefix, prefix));
  }
}
