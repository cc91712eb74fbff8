package org.attune.data;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;

/** Well-formed JSON whose value no dataset can hold. */
final class InvalidValueException extends JsonParseException {
  private static final long serialVersionUID = 1L;

  InvalidValueException(JsonParser parser, String message) {
    super(parser, message, parser.currentTokenLocation());
  }

  private InvalidValueException(String message, JsonLocation location) {
    super(null, message, location);
  }

  /** The same problem in the file that the value was copied from. */
  InvalidValueException at(JsonLocation location) {
    return new InvalidValueException(getOriginalMessage(), location);
  }
}
