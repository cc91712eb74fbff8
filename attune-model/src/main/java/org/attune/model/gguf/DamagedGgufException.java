package org.attune.model.gguf;

import java.io.IOException;

/** What is wrong with a GGUF file, to be said together with the file's name. */
final class DamagedGgufException extends IOException {
  private static final long serialVersionUID = 1;

  DamagedGgufException(String problem) {
    super(problem);
  }

  DamagedGgufException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
