package org.attune.train.sft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.data.Row;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.run.Rules;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;
import org.attune.train.rows.Conversations;
import org.attune.train.rows.Example;

/**
 * From rows of prompt and completion to what an encoder reads and a decoder learns to write, as
 * transformers prepares inputs and labels: each text is encoded by itself, with the special tokens
 * that the tokenizer adds.
 */
final class AnswerExamples {
  private final Tokenizer tokenizer;
  private final SftConfig config;
  private final int start;

  private AnswerExamples(Tokenizer tokenizer, SftConfig config, int start) {
    this.tokenizer = tokenizer;
    this.config = config;
    this.start = start;
  }

  /**
   * Encodes all rows. Prompts and completions are each cut at the maximum length; a cut prompt
   * keeps its end token, a cut completion does not learn to end there.
   *
   * @param start the token that the decoder begins with
   * @throws org.attune.run.InvalidConfigurationException if the settings ask for what only a single
   *     sequence can have
   * @throws DatasetFormatException if rows have no prompt and completion, or nothing to learn
   */
  static SftExamples of(Dataset rows, Tokenizer tokenizer, SftConfig config, int start) {
    requireFitting(config);
    if (!rows.columnNames().containsAll(List.of("prompt", "completion"))) {
      throw DatasetFormatException.of(
          "A model whose encoder reads a prompt learns from rows with prompt and completion, but the columns are %s. Give such rows, or rename columns by data.columns."
              .formatted(String.join(", ", rows.columnNames())));
    }
    AnswerExamples encoder = new AnswerExamples(tokenizer, config, start);
    List<Example> examples = new ArrayList<>();
    int[] dropped = new int[1];
    try (Stream<Row> stream = rows.rows()) {
      stream.forEach(
          row -> {
            Example example = encoder.example(row);
            if (example.hasSource() && example.learnedCount() > 0) {
              examples.add(example);
            } else {
              dropped[0]++;
            }
          });
    }
    if (examples.isEmpty()) {
      throw DatasetFormatException.of(
          "None of the %,d rows has both a prompt to read and a token to learn. Check the columns prompt and completion."
              .formatted(dropped[0]));
    }
    return new SftExamples(examples, dropped[0], 0);
  }

  private static void requireFitting(SftConfig config) {
    Rules rules = Rules.ofRun();
    rules.check(
        config.packing() == Packing.NONE,
        "sft.packing",
        config.packing(),
        "must be none for a model whose encoder reads the prompt",
        "Texts of both sides cannot share a sequence; batches have no padding anyway.");
    rules.check(
        !Boolean.FALSE.equals(config.completionOnlyLoss()),
        "sft.completion-only-loss",
        false,
        "must be true or left out for a model whose encoder reads the prompt",
        "Only the decoder's tokens are predicted.");
    rules.check(
        !config.assistantOnlyLoss(),
        "sft.assistant-only-loss",
        true,
        "must be false for a model whose encoder reads the prompt",
        "It learns completions, not messages.");
    rules.throwIfBroken();
  }

  private Example example(Row row) {
    for (String column : List.of("prompt", "completion")) {
      if (Conversations.areIn(row, column)) {
        throw DatasetFormatException.of(
            "Row %d, column \"%s\" holds messages, but a model whose encoder reads the prompt learns from texts. Give the prompt and the answer as texts."
                .formatted(row.number(), column));
      }
    }
    int[] answer = ended(tokenizer.encode(row.text("completion")));
    return Example.answer(
        cut(tokenizer.encode(row.text("prompt"))),
        start,
        Arrays.copyOf(answer, Math.min(answer.length, config.maxLength())));
  }

  /** The first tokens, and the end token that closes the text. */
  private int[] cut(int[] prompt) {
    if (prompt.length <= config.maxLength()) {
      return prompt;
    }
    int[] kept = Arrays.copyOf(prompt, config.maxLength());
    OptionalInt eos = tokenizer.eosId();
    if (eos.isPresent() && prompt[prompt.length - 1] == eos.getAsInt()) {
      kept[kept.length - 1] = eos.getAsInt();
    }
    return kept;
  }

  private int[] ended(int[] ids) {
    OptionalInt eos = tokenizer.eosId();
    boolean isEnded = eos.isEmpty() || (ids.length > 0 && ids[ids.length - 1] == eos.getAsInt());
    if (config.appendEos() && !isEnded) {
      int[] ended = Arrays.copyOf(ids, ids.length + 1);
      ended[ids.length] = eos.getAsInt();
      return ended;
    }
    return ids;
  }
}
