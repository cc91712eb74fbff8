package org.attune.model.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.checkpoint.DurableFile;

/**
 * How texts become the token ids that a score head reads.
 *
 * <p>A score is read at the last token, so a model scores well only what is encoded as its training
 * rows were. Training therefore decides this once, it is saved with the model in {@code
 * attune.json}, and everything that scores goes through here.
 *
 * @param pairEncoding how a prompt and a completion become one sequence
 * @param appendEos whether the end token is added to a sequence that does not end with it
 * @param maxLength the most tokens a sequence may have, &gt; 0; longer ones are left out, never
 *     cut, since the end decides the score
 */
public record SequenceEncoder(PairEncoding pairEncoding, boolean appendEos, int maxLength) {
  private static final String FILE = "attune.json";
  private static final String ENCODING = "encoding";
  private static final String APPEND_EOS = "append_eos";
  private static final String MAX_LENGTH = "max_length";

  public SequenceEncoder {
    if (maxLength < 1) {
      throw new IllegalArgumentException(
          "maxLength must be > 0 but was %d. Give the length that the model was trained with."
              .formatted(maxLength));
    }
  }

  /**
   * What a model directory says; one that says nothing adds nothing and fills the context.
   *
   * @param otherwise how a pair is encoded where the directory does not say
   * @throws CheckpointException if {@code attune.json} is damaged or says something else
   */
  public static SequenceEncoder read(Path directory, int contextLength, PairEncoding otherwise) {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return new SequenceEncoder(otherwise, false, contextLength);
    }
    ConfigJson json = ConfigJson.read(file);
    int maxLength = json.integer(MAX_LENGTH, contextLength);
    if (maxLength < 1 || maxLength > contextLength) {
      throw json.mismatch(MAX_LENGTH, "in 1 to %,d, the model's context,".formatted(contextLength));
    }
    return new SequenceEncoder(encoding(json, otherwise), json.flag(APPEND_EOS, false), maxLength);
  }

  private static PairEncoding encoding(ConfigJson json, PairEncoding otherwise) {
    if (!json.has(ENCODING)) {
      return otherwise;
    }
    String name = json.text(ENCODING);
    for (PairEncoding encoding : PairEncoding.values()) {
      if (encoding.name().toLowerCase(Locale.ROOT).equals(name)) {
        return encoding;
      }
    }
    throw json.mismatch(ENCODING, "pair or concatenate");
  }

  /** Saves this beside a model's other files. */
  public void write(Path directory) {
    String json =
        """
        {
          "%s": "%s",
          "%s": %s,
          "%s": %d
        }
        """
            .formatted(
                ENCODING,
                pairEncoding.name().toLowerCase(Locale.ROOT),
                APPEND_EOS,
                appendEos,
                MAX_LENGTH,
                maxLength);
    DurableFile.write(directory.resolve(FILE), json.getBytes(UTF_8));
  }

  /** The tokens of a whole text. */
  public TokenSequence encode(Tokenizer tokenizer, String text) {
    return ended(TokenSequence.of(tokenizer.encode(text)), tokenizer);
  }

  /** The tokens of a prompt and its completion. */
  public TokenSequence encode(Tokenizer tokenizer, String prompt, String completion) {
    return switch (pairEncoding) {
      case PAIR -> ended(tokenizer.encodePair(prompt, completion), tokenizer);
      case CONCATENATE -> encode(tokenizer, prompt + completion);
    };
  }

  /** Whether a sequence is short enough to be scored. */
  public boolean accepts(TokenSequence sequence) {
    return sequence.length() <= maxLength;
  }

  private TokenSequence ended(TokenSequence sequence, Tokenizer tokenizer) {
    int[] ids = sequence.ids();
    OptionalInt eos = tokenizer.eosId();
    if (!appendEos || eos.isEmpty() || endsWith(ids, eos.getAsInt())) {
      return sequence;
    }
    int length = ids.length;
    int[] ended = Arrays.copyOf(ids, length + 1);
    ended[length] = eos.getAsInt();
    int[] types = Arrays.copyOf(sequence.types(), length + 1);
    types[length] = length == 0 ? 0 : types[length - 1];
    return new TokenSequence(ended, types);
  }

  private static boolean endsWith(int[] ids, int id) {
    return ids.length > 0 && ids[ids.length - 1] == id;
  }
}
