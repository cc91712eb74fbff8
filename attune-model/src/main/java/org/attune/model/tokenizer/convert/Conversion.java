package org.attune.model.tokenizer.convert;

import java.util.Map;

/**
 * A tokenizer in the form that the tokenizers library runs.
 *
 * @param json its {@code tokenizer.json}
 * @param roles the tokens of roles such as {@code bos_token} where no file declares them
 */
record Conversion(TokenizerJson json, Map<String, String> roles) {
  Conversion {
    roles = Map.copyOf(roles);
  }
}
