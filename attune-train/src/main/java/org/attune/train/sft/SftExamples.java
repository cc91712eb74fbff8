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
import org.attune.model.template.ChatTemplates;
import org.attune.model.template.Conversation.Ending;
import org.attune.model.template.EncodedConversation;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.run.sft.Packing;
import org.attune.run.sft.SftConfig;
import org.attune.train.rows.Conversations;
import org.attune.train.rows.Example;

/**
 * From rows of texts or messages to token sequences, as TRL prepares them.
 *
 * <p>A row with prompt and completion is encoded twice, the prompt alone and both together; the
 * completion is what follows the prompt's tokens. To texts the end token is added unless they end
 * with it; messages end as the chat template closes them.
 *
 * @param examples rows that teach something, in order
 * @param dropped rows without any learned token within the maximum length
 * @param shifted rows whose prompt is tokenized differently before its completion than alone
 */
record SftExamples(List<Example> examples, int dropped, int shifted) {

  static SftExamples of(
      Dataset rows, Tokenizer tokenizer, ChatTemplates templates, SftConfig config) {
    RowKind kind = RowKind.of(rows.columnNames());
    boolean isCompletion = rows.columnNames().containsAll(List.of("prompt", "completion"));
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
    Encoder encoder =
        new Encoder(
            tokenizer, new Conversations(templates, tokenizer), config, completionOnly, new int[1]);
    // only wrapped packing may learn rows that are longer than a sequence
    boolean cuts = config.packing() != Packing.WRAPPED;
    boolean isText = rows.columnNames().contains("text");
    List<Example> examples = new ArrayList<>();
    int[] dropped = new int[1];
    try (Stream<Row> stream = rows.rows()) {
      stream.forEach(
          row -> {
            Example whole =
                isCompletion
                    ? encoder.completion(row)
                    : isText ? encoder.text(row) : encoder.messages(row);
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
    return new SftExamples(examples, dropped[0], encoder.shifted[0]);
  }

  /**
   * Encodes one row after the other.
   *
   * @param shifted counts rows, as in {@link SftExamples}
   */
  @SuppressWarnings("ArrayRecordComponent") // a counter
  private record Encoder(
      Tokenizer tokenizer,
      Conversations conversations,
      SftConfig config,
      boolean completionOnly,
      int[] shifted) {
    Example text(Row row) {
      refuseAssistantOnly(row, false);
      return Example.of(ended(tokenizer.encode(row.text("text"))));
    }

    Example messages(Row row) {
      if (!config.assistantOnlyLoss()) {
        return Example.of(conversations.ids(row, Ending.CLOSED, "messages"));
      }
      EncodedConversation conversation = conversations.marked(row, "messages");
      return new Example(conversation.ids(), conversation.isAssistantToken());
    }

    Example completion(Row row) {
      return Conversations.areIn(row, "prompt") ? answer(row) : continuation(row);
    }

    /** A completion of messages begins where their text departs from the prompt's own. */
    private Example answer(Row row) {
      int[] prompt = conversations.ids(row, Ending.GENERATION_PROMPT, "prompt");
      Example whole;
      if (config.assistantOnlyLoss()) {
        EncodedConversation both = conversations.marked(row, "prompt", "completion");
        whole = new Example(both.ids(), both.isAssistantToken());
      } else {
        whole = Example.of(conversations.ids(row, Ending.CLOSED, "prompt", "completion"));
      }
      int same = Arrays.mismatch(prompt, whole.ids());
      int from = same < 0 ? prompt.length : same;
      shifted[0] += from < prompt.length ? 1 : 0;
      return completionOnly ? whole.from(from) : whole;
    }

    private Example continuation(Row row) {
      refuseAssistantOnly(row, true);
      int[] prompt = tokenizer.encode(row.text("prompt"));
      int[] ids = ended(tokenizer.encode(row.text("prompt") + row.text("completion")));
      int same = Arrays.mismatch(prompt, ids);
      if (same >= 0 && same < prompt.length) {
        shifted[0]++;
      }
      return completionOnly ? Example.completion(ids, prompt.length) : Example.of(ids);
    }

    private void refuseAssistantOnly(Row row, boolean isCompletion) {
      if (config.assistantOnlyLoss()) {
        throw DatasetFormatException.of(
            "Row %d: sft.assistant-only-loss needs messages, but %s holds a text. Give messages, or set it to false%s."
                .formatted(
                    row.number(),
                    isCompletion ? "prompt" : "text",
                    isCompletion ? "; sft.completion-only-loss learns completions alone" : ""));
      }
    }

    private int[] ended(int[] ids) {
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
}
