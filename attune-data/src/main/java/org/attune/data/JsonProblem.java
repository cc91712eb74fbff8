package org.attune.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;

/** What the JSON parser found wrong, in a few words. */
final class JsonProblem {
  private JsonProblem() {}

  static String what(IOException e) {
    if (!(e instanceof JsonProcessingException problem)) {
      return String.valueOf(e.getMessage());
    }
    String message = problem.getOriginalMessage();
    int details = message.indexOf("\n");
    return details < 0 ? message : message.substring(0, details);
  }
}
