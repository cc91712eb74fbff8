package org.attune.model.tokenizer.convert;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A token that is found in a text before the model splits it.
 *
 * @param special whether decoding may leave it out
 * @param normalized whether it is looked for in the normalized text
 * @param singleWord whether it is found only between word boundaries
 * @param stripsLeft whether it takes in the white space before it
 * @param stripsRight whether it takes in the white space behind it
 */
public record AddedToken(
    String content,
    boolean special,
    boolean normalized,
    boolean singleWord,
    boolean stripsLeft,
    boolean stripsRight) {

  /** A token that decoding may leave out. */
  public static AddedToken control(String content) {
    return new AddedToken(content, true, false, false, false, false);
  }

  /** A token that is text. */
  public static AddedToken text(String content) {
    return new AddedToken(content, false, false, false, false, false);
  }

  AddedToken strippingRight() {
    return new AddedToken(content, special, normalized, singleWord, stripsLeft, true);
  }

  /** Its entry in {@code tokenizer.json}. */
  public ObjectNode toJson(int id) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("content", content)
        .put("single_word", singleWord)
        .put("lstrip", stripsLeft)
        .put("rstrip", stripsRight)
        .put("normalized", normalized)
        .put("special", special);
  }
}
