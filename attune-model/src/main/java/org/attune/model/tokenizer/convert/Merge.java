package org.attune.model.tokenizer.convert;

/** A rule of byte pair encoding: two tokens that stand side by side become one. */
record Merge(String left, String right) {
  String joined() {
    return left + right;
  }
}
