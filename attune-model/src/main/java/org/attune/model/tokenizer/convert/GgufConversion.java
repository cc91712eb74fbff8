package org.attune.model.tokenizer.convert;

import static org.attune.model.tokenizer.convert.TokenizerParts.SPACE;
import static org.attune.model.tokenizer.convert.TokenizerParts.normalizers;
import static org.attune.model.tokenizer.convert.TokenizerParts.prepend;
import static org.attune.model.tokenizer.convert.TokenizerParts.replace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.tokenizer.convert.GgufVocabulary.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of a GGUF file as the files of a model directory.
 *
 * <p>What the file leaves open is decided as llama.cpp decides it; what it cannot say, such as that
 * characters are composed first, as the tokenizer that the file was made from.
 */
public final class GgufConversion {
  private static final String PRE = "pre";

  /** Tokens of Phi-3 that leave the white space behind them alone, unlike its others. */
  private static final Set<String> PHI3_KEEPS_SPACE = Set.of("<unk>", "<s>", "<|endoftext|>");

  private static final int T5_SENTINELS = 100;

  private final GgufMetadata metadata;
  private final GgufVocabulary vocabulary;
  private final String architecture;

  private GgufConversion(GgufMetadata metadata) {
    this.metadata = metadata;
    this.vocabulary = new GgufVocabulary(metadata);
    this.architecture = metadata.architecture();
  }

  /**
   * The content of {@code tokenizer.json} and {@code tokenizer_config.json}, by name.
   *
   * @param file named in errors
   * @throws CheckpointException if a value is missing, has the wrong type, or means nothing here
   */
  public static Map<String, byte[]> files(Path file, Map<String, ?> values) {
    return new GgufConversion(new GgufMetadata(file, values)).files();
  }

  private Map<String, byte[]> files() {
    String model = metadata.text("model", "");
    TokenizerJson json =
        switch (model) {
          case "gpt2" -> byteLevel();
          case "llama" -> sentencePiecePairs();
          case "t5" -> unigram();
          case "bert" -> wordPiece();
          default ->
              throw metadata.damaged(
                  "tokenizer.ggml.model must be gpt2, llama, t5 or bert but %s"
                      .formatted(model.isEmpty() ? "is missing" : "was " + model));
        };
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("tokenizer.json", json.toBytes());
    files.put("tokenizer_config.json", TokenizerJson.bytes(config(model)));
    return files;
  }

  /**
   * What {@code tokenizer.ggml.pre} says of a byte-level {@code tokenizer.json}; none if llama.cpp
   * has no name for how it splits texts.
   */
  public static Optional<String> splitName(JsonNode tokenizer) {
    return GgufSplits.nameOf(tokenizer);
  }

  private TokenizerJson byteLevel() {
    ByteLevelSplit split = split();
    Map<String, Integer> ids = vocabulary.ids();
    List<Merge> merges = merges();
    TokenizerJson json =
        new TokenizerJson(TokenizerModels.byteLevelPairs(ids, merges, split.ignoresMerges()))
            .normalizer(split.normalizer())
            .preTokenizer(split.preTokenizer())
            .decoder(TokenizerParts.byteLevel(false, true))
            .postProcessor(surroundings(split.addsBos(), false).toJson(ids));
    addedTokens(json);
    return json;
  }

  private ByteLevelSplit split() {
    String name = metadata.text(PRE, "default");
    if (name.equals("default")) {
      return GgufSplits.ofArchitecture(architecture);
    }
    return GgufSplits.named(name)
        .orElseThrow(
            () ->
                metadata.damaged(
                    "tokenizer.ggml.pre must be one of %s but was %s"
                        .formatted(GgufSplits.names(), name)));
  }

  private List<Merge> merges() {
    List<Merge> merges = new ArrayList<>();
    for (String line : metadata.texts("merges")) {
      // a merge may begin with a space that is its first token's own
      int space = line.indexOf(' ', 1);
      Merge merge =
          space < 0 ? null : new Merge(line.substring(0, space), line.substring(space + 1));
      if (merge == null
          || !vocabulary.ids().containsKey(merge.left())
          || !vocabulary.ids().containsKey(merge.right())
          || !vocabulary.ids().containsKey(merge.joined())) {
        throw metadata.damaged(
            "tokenizer.ggml.merges, entry %,d: \"%s\" must be two tokens that are a token together"
                .formatted(merges.size(), line));
      }
      merges.add(merge);
    }
    return merges;
  }

  private TokenizerJson sentencePiecePairs() {
    vocabulary.respell(
        metadata, vocabulary.tokens().stream().map(GgufConversion::spacesEscaped).toList());
    Map<String, Integer> ids = vocabulary.ids();
    boolean prefix = metadata.flag("add_space_prefix", true);
    List<ObjectNode> normalizers = new ArrayList<>();
    if (prefix) {
      normalizers.add(prepend(SPACE));
    }
    normalizers.add(replace(" ", SPACE));
    TokenizerJson json =
        new TokenizerJson(
                TokenizerModels.characterPairs(
                    ids,
                    metadata.has("merges") ? merges() : PieceMerges.of(ids, scores()),
                    vocabulary.token(vocabulary.unknown().orElse(0)),
                    true))
            .normalizer(normalizers(normalizers))
            .decoder(TokenizerParts.sentencePieceDecoder(prefix))
            .postProcessor(surroundings(true, false).toJson(ids));
    addedTokens(json);
    return json;
  }

  /** A token of spaces only is stored as such; a normalized text has none. */
  private static String spacesEscaped(String token) {
    return token.isBlank() && token.contains(" ") ? token.replace(" ", SPACE) : token;
  }

  /** The tokens that merges lead to: those that are text. */
  private Map<String, Double> scores() {
    double[] stored = metadata.numbers("scores", vocabulary.size());
    Map<String, Double> scores = new LinkedHashMap<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      Kind kind = vocabulary.kind(id);
      if (kind == Kind.NORMAL || kind == Kind.USER_DEFINED) {
        // the scores of Gemma do not follow its merges, its ids do
        scores.put(
            vocabulary.token(id), architecture.startsWith("gemma") ? (double) -id : stored[id]);
      }
    }
    return scores;
  }

  private TokenizerJson unigram() {
    List<String> tokens = vocabulary.tokens();
    if (architecture.startsWith("t5")) {
      nameSentinels(tokens);
      vocabulary.respell(metadata, tokens);
    }
    boolean prefix = metadata.flag("add_space_prefix", true);
    byte[] charsMap =
        metadata.has("precompiled_charsmap") ? metadata.bytes("precompiled_charsmap") : new byte[0];
    if (charsMap.length > 0) {
      CharsMap.problem(charsMap)
          .ifPresent(
              problem -> {
                throw metadata.damaged(problem);
              });
    }
    TokenizerJson json =
        new TokenizerJson(
                TokenizerModels.unigram(
                    tokens,
                    metadata.numbers("scores", tokens.size()),
                    vocabulary.unknown().orElse(2 < tokens.size() ? 2 : 0),
                    false))
            .normalizer(
                SentencePieceNormalizer.of(
                    charsMap, metadata.flag("remove_extra_whitespaces", true), prefix))
            .decoder(TokenizerParts.sentencePieceDecoder(prefix))
            .postProcessor(surroundings(false, true).toJson(vocabulary.ids()));
    addedTokens(json);
    for (int id = 0; id < tokens.size(); id++) {
      if (tokens.get(id).startsWith("<extra_id_")) {
        json.add(AddedToken.control(tokens.get(id)), id);
      }
    }
    return json;
  }

  /** T5's places for what is masked, which the file only calls padding, in falling order. */
  private static void nameSentinels(List<String> tokens) {
    int named = 0;
    for (int id = 0; id < tokens.size() && named < T5_SENTINELS; id++) {
      if (tokens.get(id).matches("\\[PAD\\d+]")) {
        named++;
        tokens.set(id, "<extra_id_%d>".formatted(T5_SENTINELS - named));
      }
    }
  }

  private TokenizerJson wordPiece() {
    vocabulary.respell(
        metadata, vocabulary.tokens().stream().map(GgufConversion::asWordPiece).toList());
    Map<String, Integer> ids = vocabulary.ids();
    String unknown = vocabulary.token(vocabulary.unknown().orElse(ids.getOrDefault("[UNK]", 0)));
    TokenizerJson json =
        WordPieceConversion.json(ids, unknown, WordPieceConversion.looksUncased(ids.keySet()))
            .postProcessor(bertSurroundings().toJson(ids));
    addedTokens(json);
    for (String role : List.of("[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]")) {
      if (ids.containsKey(role)) {
        json.add(AddedToken.control(role), ids.get(role));
      }
    }
    return json;
  }

  /** GGUF marks the start of a word, WordPiece what is not the start. */
  private static String asWordPiece(String token) {
    if (token.startsWith("[") && token.endsWith("]")) {
      return token;
    }
    return token.startsWith(SPACE) ? token.substring(SPACE.length()) : "##" + token;
  }

  private Surroundings bertSurroundings() {
    OptionalInt cls = metadata.id("cls_token_id", vocabulary.size());
    OptionalInt sep = metadata.id("seperator_token_id", vocabulary.size());
    return WordPieceConversion.surroundings(
        cls.isPresent() ? vocabulary.token(cls.getAsInt()) : "[CLS]",
        sep.isPresent() ? vocabulary.token(sep.getAsInt()) : "[SEP]");
  }

  private Surroundings surroundings(boolean addsBos, boolean addsEos) {
    return Surroundings.each(
        role("add_bos_token", addsBos, vocabulary.bos()),
        role("add_eos_token", addsEos, vocabulary.eos()));
  }

  private List<String> role(String key, boolean otherwise, OptionalInt id) {
    return metadata.flag(key, otherwise) && id.isPresent()
        ? List.of(vocabulary.token(id.getAsInt()))
        : List.of();
  }

  private void addedTokens(TokenizerJson json) {
    boolean phi3 = architecture.equals("phi3");
    for (int id = 0; id < vocabulary.size(); id++) {
      String token = vocabulary.token(id);
      switch (vocabulary.kind(id)) {
        case CONTROL, UNKNOWN -> {
          AddedToken control = AddedToken.control(token);
          json.add(
              phi3 && !PHI3_KEEPS_SPACE.contains(token) ? control.strippingRight() : control, id);
        }
        case USER_DEFINED -> {
          if (!token.replace(SPACE, "").isEmpty()) {
            json.add(AddedToken.text(token), id);
          }
        }
        default -> {}
      }
    }
  }

  private ObjectNode config(String model) {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("clean_up_tokenization_spaces", false);
    put(config, "bos_token", vocabulary.spelling(vocabulary.bos()));
    put(config, "eos_token", vocabulary.spelling(vocabulary.eos()));
    put(config, "unk_token", vocabulary.spelling(vocabulary.unknown()));
    put(config, "pad_token", vocabulary.spelling(vocabulary.pad()));
    if (model.equals("bert")) {
      put(config, "cls_token", bertSurroundings().before().get(0));
      put(config, "sep_token", bertSurroundings().behind().get(0));
      put(config, "mask_token", vocabulary.ids().containsKey("[MASK]") ? "[MASK]" : null);
    }
    put(config, "chat_template", metadata.chatTemplate());
    return config;
  }

  private static void put(ObjectNode config, String key, @Nullable String value) {
    if (value != null) {
      config.put(key, value);
    }
  }
}
