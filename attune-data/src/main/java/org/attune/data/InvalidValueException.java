package org.attune.data;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;

/** Well-formed JSON whose value no dataset can hold. */
final class InvalidValueException extends JsonParseException {
  private static final long serialVersionUID = 1L;

  InvalidValueException(JsonParser parser, String message) {
    super(parser, message, parser.currentTokenLocation());
  }
}
