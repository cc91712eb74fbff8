package org.attune.train.sft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.data.Row;
import org.attune.data.RowKind;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;
import org.attune.train.rows.Example;

/**
 * From rows of text to token sequences, as TRL prepares them.
 *
 * <p>A row with prompt and completion is encoded twice, the prompt alone and both together; the
 * completion is what follows the prompt's tokens. The end token is added unless the text ends with
 * it.
 *
 * @param examples rows that teach something, in order
 * @param dropped rows without any learned token within the maximum length
 * @param shifted rows whose prompt is tokenized differently before its completion than alone
 */
record SftExamples(List<Example> examples, int dropped, int shifted) {

  static SftExamples of(Dataset rows, Tokenizer tokenizer, SftConfig config) {
    RowKind kind = RowKind.of(rows.columnNames());
    boolean isCompletion = rows.columnNames().containsAll(List.of("prompt", "completion"));
    if (kind == RowKind.LANGUAGE_MODELING && !rows.columnNames().contains("text")) {
      throw DatasetFormatException.of(
          "Rows of chat messages cannot be learned as they are; the columns are "
              + String.join(", ", rows.columnNames())
              + ". Make the text of each with data.format-template or a formatting function.");
    }
    if (!isCompletion && kind != RowKind.LANGUAGE_MODELING) {
      RowKind.LANGUAGE_MODELING.require(rows.columnNames());
    }
    Boolean asked = config.completionOnlyLoss();
    boolean completionOnly = asked == null ? isCompletion : asked;
    if (completionOnly && !isCompletion) {
      throw DatasetFormatException.of(
          "sft.completion-only-loss needs rows with prompt and completion, but the columns are "
              + String.join(", ", rows.columnNames())
              + ". Give such rows, or set it to false.");
    }
    // only wrapped packing may learn rows that are longer than a sequence
    boolean cuts = config.packing() != Packing.WRAPPED;
    List<Example> examples = new ArrayList<>();
    int[] dropped = new int[1];
    int[] shifted = new int[1];
    try (Stream<Row> stream = rows.rows()) {
      stream.forEach(
          row -> {
            Example whole =
                isCompletion
                    ? completion(row, tokenizer, config, completionOnly, shifted)
                    : Example.of(ended(tokenizer.encode(row.text("text")), tokenizer, config));
            Example example = cuts ? whole.truncated(config.maxLength()) : whole;
            if (example.learnedCount() == 0) {
              dropped[0]++;
            } else {
              examples.add(example);
            }
          });
    }
    if (examples.isEmpty()) {
      throw DatasetFormatException.of(
          "None of the %,d rows has a token to learn within sft.max-length %,d. Check the columns, or raise it."
              .formatted(dropped[0], config.maxLength()));
    }
    return new SftExamples(examples, dropped[0], shifted[0]);
  }

  private static Example completion(
      Row row, Tokenizer tokenizer, SftConfig config, boolean completionOnly, int[] shifted) {
    int[] prompt = tokenizer.encode(row.text("prompt"));
    int[] ids =
        ended(tokenizer.encode(row.text("prompt") + row.text("completion")), tokenizer, config);
    int same = Arrays.mismatch(prompt, ids);
    if (same >= 0 && same < prompt.length) {
      shifted[0]++;
    }
    return completionOnly ? Example.completion(ids, prompt.length) : Example.of(ids);
  }

  private static int[] ended(int[] ids, Tokenizer tokenizer, SftConfig config) {
    OptionalInt eos = tokenizer.eosId();
    if (!config.appendEos()
        || eos.isEmpty()
        || (ids.length > 0 && ids[ids.length - 1] == eos.getAsInt())) {
      return ids;
    }
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = eos.getAsInt();
    return ended;
  }
}
