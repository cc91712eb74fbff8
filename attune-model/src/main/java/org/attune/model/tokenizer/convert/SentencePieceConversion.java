package org.attune.model.tokenizer.convert;

import static org.attune.model.tokenizer.convert.TokenizerParts.SPACE;
import static org.attune.model.tokenizer.convert.TokenizerParts.metaspace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.attune.model.tokenizer.convert.SentencePieceModel.Algorithm;
import org.attune.model.tokenizer.convert.SentencePieceModel.Kind;
import org.attune.model.tokenizer.convert.SentencePieceModel.Piece;

/**
 * The tokenizer of a SentencePiece model. The model's file says how text becomes pieces; which
 * tokens stand around a text is the convention of a family.
 */
final class SentencePieceConversion {
  private static final String T5 = "T5Tokenizer";
  private static final String GEMMA = "GemmaTokenizer";
  private static final String LLAMA = "LlamaTokenizer";

  /** Tokens of Gemma that its file calls text. */
  private static final Set<String> GEMMA_CONTROLS = Set.of("<start_of_turn>", "<end_of_turn>");

  private static final int T5_SENTINELS = 100;

  private final SentencePieceModel model;
  private final DeclaredTokens declared;
  private final String family;

  private SentencePieceConversion(
      SentencePieceModel model, DeclaredTokens declared, String family) {
    this.model = model;
    this.declared = declared;
    this.family = family;
  }

  static Conversion of(Path file, byte[] content, DeclaredTokens declared) {
    String family = family(declared);
    SentencePieceModel model = SentencePieceModel.read(file, content);
    return new SentencePieceConversion(model, declared, family).conversion();
  }

  private static String family(DeclaredTokens declared) {
    return switch (declared.tokenizerClass()) {
      case LLAMA, "CodeLlamaTokenizer", "MistralTokenizer" -> LLAMA;
      case GEMMA -> GEMMA;
      case T5, "MT5Tokenizer" -> T5;
      case "", "PreTrainedTokenizer", "TokenizersBackend", "SentencePieceBackend" ->
          ofModelType(declared.modelType());
      default ->
          throw declared.damaged(
              "tokenizer_config.json",
              "tokenizer_class is %s, and of the tokenizers with a SentencePiece model LlamaTokenizer, GemmaTokenizer and T5Tokenizer are known. Save a tokenizer.json with transformers"
                  .formatted(declared.tokenizerClass()));
    };
  }

  private static String ofModelType(String modelType) {
    if (modelType.startsWith("gemma")) {
      return GEMMA;
    }
    return modelType.matches("m?t5|umt5") ? T5 : LLAMA;
  }

  private Conversion conversion() {
    Map<String, Integer> ids = new LinkedHashMap<>();
    List<Piece> pieces = model.pieces();
    for (int id = 0; id < pieces.size(); id++) {
      Integer other = ids.put(pieces.get(id).text(), id);
      if (other != null) {
        throw model.damaged(
            "pieces %d and %d are both \"%s\"".formatted(other, id, pieces.get(id).text()));
      }
    }
    Map<Integer, AddedToken> added = pieceTokens();
    if (family.equals(T5)) {
      addSentinels(ids, added);
    }
    List<Merge> merges =
        model.algorithm() == Algorithm.PAIRS ? PieceMerges.of(ids, scores()) : List.of();
    added.putAll(declared.placedIn(ids));
    Map<String, String> roles = declared.rolesIn(ids, usualRoles());
    TokenizerJson json =
        model.algorithm() == Algorithm.PAIRS ? pairs(ids, merges) : unigram(ids, added);
    normalize(json);
    json.add(added).postProcessor(surroundings(roles).toJson(ids));
    return new Conversion(json, roles);
  }

  private Map<String, String> usualRoles() {
    return switch (family) {
      case T5 -> Map.of("eos_token", "</s>", "unk_token", "<unk>", "pad_token", "<pad>");
      case GEMMA ->
          Map.of(
              "bos_token",
              "<bos>",
              "eos_token",
              "<eos>",
              "unk_token",
              "<unk>",
              "pad_token",
              "<pad>");
      default -> Map.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>");
    };
  }

  private Map<Integer, AddedToken> pieceTokens() {
    Map<Integer, AddedToken> added = new TreeMap<>();
    for (int id = 0; id < model.pieces().size(); id++) {
      Piece piece = model.pieces().get(id);
      boolean isControl =
          piece.kind() == Kind.CONTROL
              || piece.kind() == Kind.UNKNOWN
              || (family.equals(GEMMA) && GEMMA_CONTROLS.contains(piece.text()));
      if (isControl) {
        added.put(id, AddedToken.control(piece.text()));
      } else if (piece.kind() == Kind.USER_DEFINED && !piece.text().replace(SPACE, "").isEmpty()) {
        added.put(id, AddedToken.text(piece.text()));
      }
    }
    return added;
  }

  /** T5's places for what is masked lie behind the pieces, in falling order. */
  private void addSentinels(Map<String, Integer> ids, Map<Integer, AddedToken> added) {
    for (int i = declared.number("extra_ids", T5_SENTINELS) - 1; i >= 0; i--) {
      String sentinel = "<extra_id_%d>".formatted(i);
      Integer known = ids.putIfAbsent(sentinel, ids.size());
      if (known == null) {
        added.put(ids.size() - 1, AddedToken.control(sentinel));
      }
    }
  }

  private Map<String, Double> scores() {
    Map<String, Double> scores = new LinkedHashMap<>();
    for (Piece piece : model.pieces()) {
      if (piece.kind() == Kind.NORMAL || piece.kind() == Kind.USER_DEFINED) {
        scores.put(piece.text(), (double) piece.score());
      }
    }
    return scores;
  }

  private TokenizerJson pairs(Map<String, Integer> ids, List<Merge> merges) {
    return new TokenizerJson(
        TokenizerModels.characterPairs(
            ids, merges, model.pieces().get(model.unknownId()).text(), model.hasByteFallback()));
  }

  private TokenizerJson unigram(Map<String, Integer> ids, Map<Integer, AddedToken> added) {
    List<String> tokens = new ArrayList<>();
    double[] scores = new double[ids.size()];
    for (int id = 0; id < ids.size(); id++) {
      boolean isPiece = id < model.pieces().size();
      if (!isPiece && !added.containsKey(id)) {
        throw model.damaged(
            "tokens are added to it beyond id %d, but none has that id".formatted(id));
      }
      tokens.add(added.containsKey(id) ? added.get(id).content() : model.pieces().get(id).text());
      scores[id] = isPiece ? model.pieces().get(id).score() : 0;
    }
    return new TokenizerJson(
        TokenizerModels.unigram(tokens, scores, model.unknownId(), model.hasByteFallback()));
  }

  private void normalize(TokenizerJson json) {
    boolean prefix = declared.flag("add_prefix_space", model.addsPrefix());
    json.decoder(TokenizerParts.sentencePieceDecoder(prefix));
    if (family.equals(LLAMA) && prefix && !declared.flag("legacy", true)) {
      // only the first part of a text, before any added token, gets a space
      json.preTokenizer(metaspace("first", false));
      return;
    }
    json.normalizer(
        SentencePieceNormalizer.of(model.charsMap(), model.removesExtraSpaces(), prefix));
  }

  private Surroundings surroundings(Map<String, String> roles) {
    boolean isT5 = family.equals(T5);
    List<String> before =
        declared.flag("add_bos_token", !isT5) && roles.containsKey("bos_token")
            ? List.of(roles.get("bos_token"))
            : List.of();
    List<String> behind =
        declared.flag("add_eos_token", isT5) && roles.containsKey("eos_token")
            ? List.of(roles.get("eos_token"))
            : List.of();
    return isT5 ? new Surroundings(before, behind, before, 0) : Surroundings.each(before, behind);
  }
}
