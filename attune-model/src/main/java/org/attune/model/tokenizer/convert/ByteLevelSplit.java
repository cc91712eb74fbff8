package org.attune.model.tokenizer.convert;

import static org.attune.model.tokenizer.convert.TokenizerParts.byteLevel;
import static org.attune.model.tokenizer.convert.TokenizerParts.digits;
import static org.attune.model.tokenizer.convert.TokenizerParts.part;
import static org.attune.model.tokenizer.convert.TokenizerParts.preTokenizers;
import static org.attune.model.tokenizer.convert.TokenizerParts.split;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * How a family of byte-level vocabularies cuts a text into words before its merges apply.
 *
 * @param composes whether characters are composed first (NFC)
 * @param ignoresMerges whether a word that is a token is taken whole, whatever the merges say
 * @param addsBos whether a text begins with BOS where the file does not say
 * @param parts the pre-tokenizers, in order
 */
record ByteLevelSplit(
    boolean composes, boolean ignoresMerges, boolean addsBos, List<ObjectNode> parts) {
  private static final String ENGLISH_ENDINGS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String MARKS_AND_SPACES =
      "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String WORDS = ENGLISH_ENDINGS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String START = "[^\\r\\n\\p{L}\\p{N}]?";

  /** The split of GPT-2. */
  static ByteLevelSplit gpt2(boolean addPrefixSpace) {
    return new ByteLevelSplit(false, false, false, List.of(byteLevel(addPrefixSpace, true)));
  }

  /** The split of GPT-2 after characters are composed: GPT-NeoX, Pythia, OLMo. */
  static ByteLevelSplit composedGpt2() {
    return new ByteLevelSplit(true, false, false, List.of(byteLevel(false, true)));
  }

  /** The split of GPT-2 with each digit alone: StarCoder, SmolLM. */
  static ByteLevelSplit singleDigits() {
    return new ByteLevelSplit(false, false, false, List.of(digits(true), byteLevel(false, true)));
  }

  /** Punctuation, then as GPT-2, then digits by three. */
  static ByteLevelSplit falcon() {
    return new ByteLevelSplit(
        false,
        false,
        false,
        List.of(
            part("Punctuation").put("behavior", "Contiguous"),
            byteLevel(false, true),
            digits(false),
            split("[0-9][0-9][0-9]")));
  }

  /** Any case of English endings, numbers by up to three digits. */
  static ByteLevelSplit llama3() {
    return byPattern(false, true, WORDS + "|\\p{N}{1,3}" + MARKS_AND_SPACES);
  }

  /** As Llama 3, but words are merged as usual and nothing says that BOS comes first. */
  static ByteLevelSplit llama3Pattern() {
    return new ByteLevelSplit(false, false, false, llama3().parts());
  }

  /** As Llama 3 with each digit alone; characters are composed first. */
  static ByteLevelSplit qwen2() {
    return byPattern(true, false, WORDS + "|\\p{N}" + MARKS_AND_SPACES);
  }

  /** As Qwen 2, without composing. */
  static ByteLevelSplit stableLm2() {
    return new ByteLevelSplit(false, false, false, qwen2().parts());
  }

  /** Words end where lower case becomes upper case; each digit alone. */
  static ByteLevelSplit tekken() {
    return byPattern(false, true, casedWords("") + "|\\p{N}" + casedMarks());
  }

  /** Words end where lower case becomes upper case, with English endings; digits by three. */
  static ByteLevelSplit gpt4o() {
    return byPattern(
        false, false, casedWords(ENGLISH_ENDINGS + "?") + "|\\p{N}{1,3}" + casedMarks());
  }

  private static String casedWords(String ending) {
    return START + UPPER + "*" + LOWER + "+" + ending + "|" + START + UPPER + "+" + LOWER + "*"
        + ending;
  }

  private static String casedMarks() {
    return MARKS_AND_SPACES.replace("[\\r\\n]*", "[\\r\\n/]*");
  }

  private static ByteLevelSplit byPattern(boolean composes, boolean ignoresMerges, String pattern) {
    return new ByteLevelSplit(
        composes, ignoresMerges, ignoresMerges, List.of(split(pattern), byteLevel(false, false)));
  }

  JsonNode normalizer() {
    return composes ? part("NFC") : NullNode.instance;
  }

  JsonNode preTokenizer() {
    return parts.size() == 1 ? parts.get(0) : preTokenizers(parts);
  }

  /** Whether a {@code tokenizer.json} prepares texts this way, but for what only offsets show. */
  boolean isThatOf(JsonNode tokenizer) {
    return kind(tokenizer.path("normalizer")).equals(kind(normalizer()))
        && tokenizer.path("model").path("ignore_merges").asBoolean(false) == ignoresMerges
        && listed(tokenizer.path("pre_tokenizer")).equals(listed(preTokenizer()));
  }

  private static String kind(JsonNode part) {
    return part.path("type").asText("");
  }

  private static List<JsonNode> listed(JsonNode preTokenizer) {
    List<JsonNode> parts = new ArrayList<>();
    if (preTokenizer.has("pretokenizers")) {
      preTokenizer.get("pretokenizers").forEach(parts::add);
    } else {
      parts.add(preTokenizer);
    }
    return parts.stream().map(ByteLevelSplit::withoutOffsets).toList();
  }

  private static JsonNode withoutOffsets(JsonNode part) {
    return part instanceof ObjectNode object ? object.deepCopy().without("trim_offsets") : part;
  }
}
