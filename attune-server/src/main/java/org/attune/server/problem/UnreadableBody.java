package org.attune.server.problem;

import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.exc.StreamReadException;

/**
 * What is wrong with a body that is no JSON object. What the parser says is told only where it
 * speaks of JSON: elsewhere it names classes of the server.
 */
public record UnreadableBody(boolean isBroken, String message) {

  public static UnreadableBody of(HttpMessageNotReadableException e) {
    if (e.getCause() instanceof StreamReadException broken) {
      return new UnreadableBody(
          true,
          "JSON decode error in line %d, column %d: %s"
              .formatted(
                  broken.getLocation().getLineNr(),
                  broken.getLocation().getColumnNr(),
                  broken.getOriginalMessage()));
    }
    return new UnreadableBody(
        false, "Input should be a valid dictionary, so the body must be a JSON object");
  }
}
