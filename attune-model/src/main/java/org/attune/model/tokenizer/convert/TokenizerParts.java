package org.attune.model.tokenizer.convert;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The normalizers, pre-tokenizers and decoders of {@code tokenizer.json}, each as its JSON. */
final class TokenizerParts {
  /** What SentencePiece writes for a space, U+2581. */
  static final String SPACE = "▁";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private TokenizerParts() {}

  static ObjectNode part(String type) {
    return JSON.objectNode().put("type", type);
  }

  /** Applies one part after another; {@code list} is the key that the kind of part lists under. */
  static ObjectNode sequence(String list, List<ObjectNode> parts) {
    ObjectNode sequence = part("Sequence");
    sequence.putArray(list).addAll(parts);
    return sequence;
  }

  static ObjectNode normalizers(List<ObjectNode> parts) {
    return sequence("normalizers", parts);
  }

  static ObjectNode preTokenizers(List<ObjectNode> parts) {
    return sequence("pretokenizers", parts);
  }

  static ObjectNode decoders(List<ObjectNode> parts) {
    return sequence("decoders", parts);
  }

  static ObjectNode prepend(String text) {
    return part("Prepend").put("prepend", text);
  }

  /** Replaces a text, as a normalizer or a decoder. */
  static ObjectNode replace(String text, String by) {
    ObjectNode replace = part("Replace");
    replace.putObject("pattern").put("String", text);
    return replace.put("content", by);
  }

  static ObjectNode replaceMatches(String regex, String by) {
    ObjectNode replace = part("Replace");
    replace.putObject("pattern").put("Regex", regex);
    return replace.put("content", by);
  }

  /** Drops white space from both ends. */
  static ObjectNode strip() {
    return part("Strip").put("strip_left", true).put("strip_right", true);
  }

  /** Splits a text so that each match of the pattern stands alone. */
  static ObjectNode split(String regex) {
    ObjectNode split = part("Split");
    split.putObject("pattern").put("Regex", regex);
    return split.put("behavior", "Isolated").put("invert", false);
  }

  static ObjectNode digits(boolean individual) {
    return part("Digits").put("individual_digits", individual);
  }

  /** Bytes as the letters of GPT-2, split by GPT-2's pattern if asked to. */
  static ObjectNode byteLevel(boolean addPrefixSpace, boolean splitAsGpt2) {
    return part("ByteLevel")
        .put("add_prefix_space", addPrefixSpace)
        .put("trim_offsets", true)
        .put("use_regex", splitAsGpt2);
  }

  /**
   * Spaces as {@link #SPACE}.
   *
   * @param prependScheme where a space is put before a text that has none: always, first, or never
   */
  static ObjectNode metaspace(String prependScheme, boolean split) {
    return part("Metaspace")
        .put("replacement", SPACE)
        .put("prepend_scheme", prependScheme)
        .put("split", split);
  }

  /** What undoes SentencePiece: spaces, bytes, and the space that was put before the text. */
  static ObjectNode sentencePieceDecoder(boolean dropsFirstSpace) {
    ArrayNode steps = JSON.arrayNode();
    steps.add(replace(SPACE, " "));
    steps.add(part("ByteFallback"));
    steps.add(part("Fuse"));
    if (dropsFirstSpace) {
      steps.add(part("Strip").put("content", " ").put("start", 1).put("stop", 0));
    }
    ObjectNode decoder = part("Sequence");
    decoder.set("decoders", steps);
    return decoder;
  }
}
