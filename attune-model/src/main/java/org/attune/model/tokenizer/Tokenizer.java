package org.attune.model.tokenizer;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.attune.data.InvalidInputException;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.checkpoint.DurableFile;
import org.attune.model.gguf.GgufFile;
import org.attune.model.tokenizer.convert.AddedToken;
import org.attune.model.tokenizer.convert.DirectoryConversion;
import org.attune.model.tokenizer.convert.TokenAddition;

/**
 * A model's tokenizer: the {@code tokenizer.json} of its directory, or one made of older files, run
 * by the Hugging Face tokenizers library.
 *
 * <p>Nothing is truncated or padded, whatever the file asks for. Special tokens written in a text
 * are parsed as such. Decoding gives what the tokenizer's decoder gives; spaces before punctuation
 * are not cleaned up.
 *
 * <p>Threads may share a tokenizer: encoding and decoding change nothing in it. Close it after the
 * last call has returned.
 */
public final class Tokenizer implements AutoCloseable {
  private static final String TOKENIZER = "tokenizer.json";
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  private static final String SPECIAL_TOKENS_MAP = "special_tokens_map.json";

  /** All files a directory may hold that make up its tokenizer. */
  private static final List<String> FILES =
      List.of(
          TOKENIZER,
          TOKENIZER_CONFIG,
          SPECIAL_TOKENS_MAP,
          "added_tokens.json",
          "merges.txt",
          "spiece.model",
          "tokenizer.model",
          "vocab.json",
          "vocab.txt");

  static {
    // Read by the tokenizers library when its classes load: no download, no usage report.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private final Path source;
  private final Map<String, byte[]> files;
  private final HuggingFaceTokenizer tokenizer;
  private final Vocabulary vocabulary;
  private final OptionalInt bosId;
  private final OptionalInt eosId;
  private final OptionalInt padId;
  private final OptionalInt unkId;
  private final OptionalInt maskId;

  private Tokenizer(
      Path source,
      Map<String, byte[]> files,
      HuggingFaceTokenizer tokenizer,
      Vocabulary vocabulary) {
    this.source = source;
    this.files = files;
    this.tokenizer = tokenizer;
    this.vocabulary = vocabulary;
    List<JsonNode> declarations = new ArrayList<>();
    for (String name : List.of(TOKENIZER_CONFIG, SPECIAL_TOKENS_MAP)) {
      byte[] content = files.get(name);
      if (content != null) {
        declarations.add(ConfigJson.parse(source.resolve(name), content).toJson());
      }
    }
    this.bosId = declared("bos_token", declarations);
    this.eosId = declared("eos_token", declarations);
    this.padId = declared("pad_token", declarations);
    this.unkId = declared("unk_token", declarations);
    this.maskId = declared("mask_token", declarations);
  }

  /**
   * Loads the tokenizer of a model directory, or of a GGUF file. Its files are kept in memory, so
   * that {@link #save} works even if the directory is gone by then.
   *
   * <p>Without a {@code tokenizer.json} one is made, of the first that there is: {@code
   * tokenizer.model} or {@code spiece.model}, {@code vocab.json} with {@code merges.txt}, {@code
   * vocab.txt}. It is saved with the other files.
   *
   * @throws CheckpointException if there is none of these or it is damaged
   */
  public static Tokenizer load(Path directory) {
    if (GgufFile.isNamed(directory)) {
      try (GgufFile file = GgufFile.open(directory)) {
        return GgufTokenizer.load(directory, file.metadata());
      }
    }
    Map<String, byte[]> files = readFiles(directory, FILES);
    if (files.containsKey(TOKENIZER)) {
      return of(directory, files);
    }
    Map<String, byte[]> withConfig = new LinkedHashMap<>(files);
    withConfig.putAll(readFiles(directory, List.of("config.json")));
    return of(directory, DirectoryConversion.converted(directory, withConfig).orElse(files));
  }

  /**
   * A tokenizer of files in memory.
   *
   * @param source where the files came from, for errors
   * @param files the content of {@code tokenizer.json} and of what stands beside it, by name
   * @throws CheckpointException if {@code tokenizer.json} is missing or damaged
   */
  public static Tokenizer of(Path source, Map<String, byte[]> files) {
    Path file = source.resolve(TOKENIZER);
    byte[] json = files.get(TOKENIZER);
    if (json == null) {
      throw new CheckpointException(
          ("%s does not exist, nor does a tokenizer.model, spiece.model, vocab.json with merges.txt,"
                  + " or vocab.txt. Copy the tokenizer's files there, or save a fast tokenizer of"
                  + " transformers.")
              .formatted(file));
    }
    Vocabulary vocabulary = Vocabulary.read(file, json);
    HuggingFaceTokenizer tokenizer;
    try {
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(json), Map.of("truncation", "false", "padding", "false"));
    } catch (EngineException e) {
      throw new CheckpointException(
          ("The tokenizers library does not load on this machine: %s. It unpacks itself into"
                  + " .djl.ai in the home folder; set DJL_CACHE_DIR to a writable folder if that is"
                  + " not one.")
              .formatted(e.getMessage()),
          e);
    } catch (RuntimeException | IOException e) {
      throw Vocabulary.damaged(file, String.valueOf(e.getMessage()), e);
    }
    try {
      return new Tokenizer(source, files, tokenizer, vocabulary);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /**
   * The ids of a text with the special tokens the tokenizer adds; see {@link SpecialTokens#ADD}.
   */
  public int[] encode(String text) {
    return encode(text, SpecialTokens.ADD);
  }

  /**
   * The ids of a text. A BOS token that the tokenizer would add is left out if the text begins with
   * one. A surrogate without its partner becomes U+FFFD.
   */
  public int[] encode(String text, SpecialTokens specialTokens) {
    return ids(
        TokenizersLibrary.LIB.encode(
            tokenizer.getHandle(), wellFormed(text), specialTokens == SpecialTokens.ADD));
  }

  /** Two texts in the tokenizer's form for a pair, with the special tokens it adds. */
  public TokenSequence encodePair(String first, String second) {
    long handle =
        TokenizersLibrary.LIB.encodeDual(
            tokenizer.getHandle(), wellFormed(first), wellFormed(second), true);
    long[] types = TokenizersLibrary.LIB.getTypeIds(handle);
    int[] ids = ids(handle);
    int[] narrow = new int[ids.length];
    Arrays.setAll(narrow, i -> (int) types[i + types.length - ids.length]);
    return new TokenSequence(ids, narrow);
  }

  /**
   * As {@link #encode(String)}, cut to a length. The special tokens that the tokenizer adds are
   * kept; of the text, tokens go at the given side.
   *
   * @param maxLength the most ids, special ones included
   * @throws IllegalArgumentException if not even the special tokens have room
   */
  public int[] encodeTruncated(String text, int maxLength, Side side) {
    long handle = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), wellFormed(text), true);
    try {
      long[] ids = TokenizersLibrary.LIB.getTokenIds(handle);
      long[] isAdded = TokenizersLibrary.LIB.getSpecialTokenMask(handle);
      int from = beginsWithTwoBos(handle, ids) ? 1 : 0;
      int surplus = ids.length - from - maxLength;
      int added = (int) Arrays.stream(isAdded, from, ids.length).sum();
      if (added > maxLength) {
        throw new InvalidInputException(
            "maxLength must be at least %d, the number of tokens put around a text, but was %d."
                .formatted(added, maxLength));
      }
      IntStream.Builder kept = IntStream.builder();
      int texts = ids.length - from - added;
      int place = 0;
      for (int i = from; i < ids.length; i++) {
        boolean isCut = side == Side.LEFT ? place < surplus : place >= texts - surplus;
        if (isAdded[i] == 1 || !isCut) {
          kept.add((int) ids[i]);
        }
        place += 1 - (int) isAdded[i];
      }
      return kept.build().toArray();
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(handle);
    }
  }

  /**
   * Sequences of ids filled up with the padding token.
   *
   * @throws CheckpointException if the tokenizer has none
   */
  public PaddedBatch padded(List<int[]> sequences, Side side) {
    int pad =
        padId.orElseThrow(
            () ->
                new CheckpointException(
                    "The tokenizer of %s declares no pad_token. Add one with withPadToken, or fill up with another id."
                        .formatted(source)));
    return PaddedBatch.of(sequences, pad, side);
  }

  /** As {@link #encode(String)}, with each token's spelling and place in the text. */
  public Encoding encodeWithOffsets(String text) {
    return encodeWithOffsets(text, SpecialTokens.ADD);
  }

  /**
   * As {@link #encode(String, SpecialTokens)}, with each token's spelling and place in the text.
   */
  public Encoding encodeWithOffsets(String text, SpecialTokens specialTokens) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long handle =
        library.encode(tokenizer.getHandle(), wellFormed(text), specialTokens == SpecialTokens.ADD);
    try {
      long[] ids = library.getTokenIds(handle);
      String[] tokens = library.getTokens(handle);
      CharSpan[] spans = library.getTokenCharSpans(handle);
      List<EncodedToken> encoded = new ArrayList<>(ids.length);
      for (int i = beginsWithTwoBos(handle, ids) ? 1 : 0; i < ids.length; i++) {
        // a token that the tokenizer added has no span
        int from = spans[i] == null ? 0 : spans[i].getStart();
        int to = spans[i] == null ? 0 : spans[i].getEnd();
        encoded.add(new EncodedToken((int) ids[i], tokens[i], from, to));
      }
      return new Encoding(encoded);
    } finally {
      library.deleteEncoding(handle);
    }
  }

  /**
   * The text of the given ids. Ids without a token, which a model with a padded embedding can emit,
   * give no text.
   *
   * <p>Decoding is not additive: many decoders drop the space before the first token. The text of a
   * continuation is therefore {@code decode(all)} without its prefix {@code decode(prompt)}.
   *
   * @throws IllegalArgumentException if an id is negative
   */
  public String decode(int[] ids, SkipSpecial skipSpecial) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0) {
        throw new IllegalArgumentException(
            "Token id %d at position %d is negative; ids start at 0.".formatted(ids[i], i));
      }
      wide[i] = ids[i];
    }
    return tokenizer.decode(wide, skipSpecial == SkipSpecial.YES);
  }

  /**
   * The text of new tokens as it follows the text of those before them: the text of all of them
   * without what the first ones are alone. Special tokens are left out.
   */
  public String continuation(int[] before, int[] added) {
    int[] all = Arrays.copyOf(before, before.length + added.length);
    System.arraycopy(added, 0, all, before.length, added.length);
    String whole = decode(all, SkipSpecial.YES);
    String start = decode(before, SkipSpecial.YES);
    return whole.startsWith(start)
        ? whole.substring(start.length())
        : decode(added, SkipSpecial.YES);
  }

  /** The token that begins a text; empty if the tokenizer declares none that it has. */
  public OptionalInt bosId() {
    return bosId;
  }

  /** The token that ends a text; empty if the tokenizer declares none that it has. */
  public OptionalInt eosId() {
    return eosId;
  }

  /** The token that fills up short rows; empty if the tokenizer declares none that it has. */
  public OptionalInt padId() {
    return padId;
  }

  /** The token for what has no token; empty if the tokenizer declares none that it has. */
  public OptionalInt unkId() {
    return unkId;
  }

  /** The token that stands for a gap; empty if the tokenizer declares none that it has. */
  public OptionalInt maskId() {
    return maskId;
  }

  /** One more than the highest id. */
  public int vocabularySize() {
    return vocabulary.size();
  }

  /**
   * The token with the given id.
   *
   * @throws NoSuchElementException if there is none
   */
  public String tokenOf(int id) {
    String token = vocabulary.tokenOf(id);
    if (token == null) {
      throw new NoSuchElementException(
          "No token has the id %d; ids are 0 to %d.".formatted(id, vocabularySize() - 1));
    }
    return token;
  }

  /** The id of a token as the vocabulary spells it, for example {@code ▁the}. */
  public OptionalInt idOf(String token) {
    return vocabulary.idOf(token);
  }

  /** Whether {@link SkipSpecial#YES} leaves this id out. */
  public boolean isSpecial(int id) {
    return vocabulary.isSpecial(id);
  }

  /**
   * Writes the tokenizer's files, byte for byte as they were loaded, into an existing directory; if
   * its {@code tokenizer.json} was made here, that too, with a {@code tokenizer_config.json} that
   * lets transformers take it as it is.
   *
   * @throws CheckpointException if a file cannot be written
   */
  public void save(Path directory) {
    files.forEach((name, content) -> DurableFile.write(directory.resolve(name), content));
  }

  /** The content of one of the tokenizer's files; empty if it has none of that name. */
  public Optional<byte[]> file(String name) {
    return Optional.ofNullable(files.get(name)).map(byte[]::clone);
  }

  /**
   * A second tokenizer with more tokens. New ones get the ids behind the highest; one that the
   * vocabulary has keeps its id and is from now on found before the text is split. A model needs
   * places for them: {@code LanguageModel.withVocabularyOf}.
   *
   * @throws CheckpointException if the tokenizers library gives a token another id, as it does
   *     where the vocabulary has gaps
   */
  public Tokenizer withAddedTokens(List<AddedToken> tokens) {
    return withAddedTokens(tokens, Map.of());
  }

  /** A second tokenizer that fills up with this token, new or not. */
  public Tokenizer withPadToken(String token) {
    return withAddedTokens(List.of(AddedToken.control(token)), Map.of("pad_token", token));
  }

  private Tokenizer withAddedTokens(List<AddedToken> tokens, Map<String, String> roles) {
    Map<Integer, AddedToken> byId = new LinkedHashMap<>();
    int next = vocabularySize();
    for (AddedToken token : tokens) {
      OptionalInt known = idOf(token.content());
      byId.put(known.isPresent() ? known.getAsInt() : next++, token);
    }
    Tokenizer extended = of(source, TokenAddition.added(source, files, byId, roles));
    byId.forEach(
        (id, token) -> {
          int[] ids = extended.encode(token.content(), SpecialTokens.NONE);
          if (ids.length != 1 || ids[0] != id) {
            extended.close();
            throw new CheckpointException(
                "The token \"%s\" cannot be added to the tokenizer of %s: it should get the id %d, but is encoded as %s. Its vocabulary has gaps; fill them in tokenizer.json."
                    .formatted(token.content(), source, id, Arrays.toString(ids)));
          }
        });
    return extended;
  }

  /** Frees the native tokenizer. Calls that need it fail from then on. */
  @Override
  public void close() {
    tokenizer.close();
  }

  private int[] ids(long handle) {
    try {
      long[] ids = TokenizersLibrary.LIB.getTokenIds(handle);
      int first = beginsWithTwoBos(handle, ids) ? 1 : 0;
      int[] narrow = new int[ids.length - first];
      Arrays.setAll(narrow, i -> (int) ids[i + first]);
      return narrow;
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(handle);
    }
  }

  /** Whether the first id is a BOS that the tokenizer added and the second one the text's own. */
  private boolean beginsWithTwoBos(long handle, long[] ids) {
    if (ids.length < 2 || bosId.isEmpty() || ids[0] != bosId.getAsInt() || ids[1] != ids[0]) {
      return false;
    }
    long[] added = TokenizersLibrary.LIB.getSpecialTokenMask(handle);
    return added[0] == 1 && added[1] == 0;
  }

  /** The id that one of the files declares for a role, as a string or as an added token. */
  private OptionalInt declared(String role, List<JsonNode> declarations) {
    for (JsonNode declaration : declarations) {
      JsonNode token = declaration.path(role);
      JsonNode content = token.isObject() ? token.path("content") : token;
      if (content.isTextual()) {
        return vocabulary.idOf(content.textValue());
      }
    }
    return OptionalInt.empty();
  }

  private static Map<String, byte[]> readFiles(Path directory, List<String> names) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : names) {
      Path file = directory.resolve(name);
      try {
        if (Files.exists(file)) {
          files.put(name, Files.readAllBytes(file));
        }
      } catch (IOException e) {
        throw new CheckpointException(
            "%s cannot be read: %s (%s)."
                .formatted(file, e.getClass().getSimpleName(), e.getMessage()),
            e);
      }
    }
    return files;
  }

  /** The native library would read each byte of a lone surrogate as a character of its own. */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        StringBuilder repaired = new StringBuilder(text.length());
        text.codePoints()
            .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
            .forEach(repaired::appendCodePoint);
        return repaired.toString();
      }
    }
    return text;
  }
}
