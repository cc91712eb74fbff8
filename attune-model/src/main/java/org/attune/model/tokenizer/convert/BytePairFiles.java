package org.attune.model.tokenizer.convert;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.model.checkpoint.ConfigJson;

/** The byte-level tokenizer of a {@code vocab.json} and a {@code merges.txt}. */
final class BytePairFiles {
  private static final String VOCABULARY = "vocab.json";
  private static final String MERGES = "merges.txt";
  private static final String END_OF_TEXT = "<|endoftext|>";

  private final Path directory;
  private final DeclaredTokens declared;

  private BytePairFiles(Path directory, DeclaredTokens declared) {
    this.directory = directory;
    this.declared = declared;
  }

  static Conversion conversion(
      Path directory, byte[] vocabulary, byte[] merges, DeclaredTokens declared) {
    return new BytePairFiles(directory, declared).conversion(vocabulary, merges);
  }

  private Conversion conversion(byte[] vocabulary, byte[] mergeLines) {
    boolean isRoberta = isRoberta();
    ByteLevelSplit split = split();
    Map<String, Integer> ids = ids(vocabulary);
    List<Merge> merges = merges(new String(mergeLines, UTF_8), ids);
    Map<Integer, AddedToken> added = declared.placedIn(ids);
    Map<String, String> roles =
        declared.rolesIn(ids, isRoberta ? robertaRoles() : endOfTextRoles());
    roles.forEach(
        (role, token) -> added.putIfAbsent(ids.get(token), added(token, role, isRoberta)));
    TokenizerJson json =
        new TokenizerJson(TokenizerModels.byteLevelPairs(ids, merges, split.ignoresMerges()))
            .normalizer(split.normalizer())
            .preTokenizer(split.preTokenizer())
            .decoder(TokenizerParts.byteLevel(false, true))
            .postProcessor(surroundings(roles, isRoberta).toJson(ids))
            .add(added);
    return new Conversion(json, roles);
  }

  private static AddedToken added(String token, String role, boolean isRoberta) {
    // RoBERTa's mask stands for a word with the space before it
    return new AddedToken(token, true, false, false, isRoberta && role.equals("mask_token"), false);
  }

  private boolean isRoberta() {
    String name = declared.tokenizerClass();
    return List.of("RobertaTokenizer", "LongformerTokenizer", "BartTokenizer").contains(name)
        || (unnamed() && List.of("roberta", "longformer", "bart").contains(declared.modelType()));
  }

  /** Whether the class in transformers says nothing of how text is split. */
  private boolean unnamed() {
    return List.of("", "PreTrainedTokenizer", "TokenizersBackend", "AutoTokenizer")
        .contains(declared.tokenizerClass());
  }

  private ByteLevelSplit split() {
    ByteLevelSplit gpt2 = ByteLevelSplit.gpt2(declared.flag("add_prefix_space", false));
    return switch (declared.tokenizerClass()) {
      case "GPT2Tokenizer",
          "CodeGenTokenizer",
          "RobertaTokenizer",
          "LongformerTokenizer",
          "BartTokenizer" ->
          gpt2;
      case "Qwen2Tokenizer" -> ByteLevelSplit.qwen2();
      case "GPTNeoXTokenizer" -> ByteLevelSplit.composedGpt2();
      default -> {
        if (!unnamed()) {
          throw declared.damaged(
              "tokenizer_config.json",
              "tokenizer_class is %s, and of the tokenizers with a vocab.json GPT2Tokenizer, RobertaTokenizer, BartTokenizer, CodeGenTokenizer, GPTNeoXTokenizer and Qwen2Tokenizer are known. Save a tokenizer.json with transformers"
                  .formatted(declared.tokenizerClass()));
        }
        yield ofModelType(gpt2);
      }
    };
  }

  private ByteLevelSplit ofModelType(ByteLevelSplit gpt2) {
    return switch (declared.modelType()) {
      case "qwen2", "qwen2_moe", "qwen3", "qwen3_moe" -> ByteLevelSplit.qwen2();
      case "gpt_neox", "olmo", "olmo2" -> ByteLevelSplit.composedGpt2();
      case "falcon" -> ByteLevelSplit.falcon();
      case "llama" -> ByteLevelSplit.llama3();
      default -> gpt2;
    };
  }

  private Map<String, Integer> ids(byte[] vocabulary) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    BitSet taken = new BitSet();
    for (Map.Entry<String, JsonNode> entry :
        ConfigJson.parse(directory.resolve(VOCABULARY), vocabulary).toJson().properties()) {
      JsonNode id = entry.getValue();
      if (!id.canConvertToInt() || id.intValue() < 0 || taken.get(id.intValue())) {
        throw declared.damaged(
            VOCABULARY,
            "\"%s\" must have an id of its own but has %s".formatted(entry.getKey(), id));
      }
      taken.set(id.intValue());
      ids.put(entry.getKey(), id.intValue());
    }
    return ids;
  }

  private List<Merge> merges(String lines, Map<String, Integer> ids) {
    List<Merge> merges = new ArrayList<>();
    int number = 0;
    for (String line : lines.split("\n", -1)) {
      number++;
      String pair = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      if (pair.isEmpty() || pair.startsWith("#version")) {
        continue;
      }
      String[] parts = pair.split(" ", -1);
      Merge merge = parts.length == 2 ? new Merge(parts[0], parts[1]) : null;
      if (merge == null
          || !ids.containsKey(merge.left())
          || !ids.containsKey(merge.right())
          || !ids.containsKey(merge.joined())) {
        throw declared.damaged(
            MERGES,
            "line %,d: \"%s\" must be two tokens of %s that are a token together"
                .formatted(number, pair, VOCABULARY));
      }
      merges.add(merge);
    }
    return merges;
  }

  private static Map<String, String> endOfTextRoles() {
    return Map.of("bos_token", END_OF_TEXT, "eos_token", END_OF_TEXT, "unk_token", END_OF_TEXT);
  }

  private static Map<String, String> robertaRoles() {
    return Map.of(
        "bos_token", "<s>",
        "eos_token", "</s>",
        "sep_token", "</s>",
        "cls_token", "<s>",
        "unk_token", "<unk>",
        "pad_token", "<pad>",
        "mask_token", "<mask>");
  }

  private Surroundings surroundings(Map<String, String> roles, boolean isRoberta) {
    if (isRoberta) {
      List<String> separator = role(roles, "sep_token");
      return new Surroundings(role(roles, "cls_token"), separator, separator, 0);
    }
    return declared.flag("add_bos_token", false)
        ? Surroundings.each(role(roles, "bos_token"), List.of())
        : Surroundings.NONE;
  }

  private static List<String> role(Map<String, String> roles, String role) {
    return roles.containsKey(role) ? List.of(roles.get(role)) : List.of();
  }
}
