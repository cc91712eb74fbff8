package org.attune.model.generate;

import java.util.List;

/** Sampling settings that break their rules; the message lists every problem. */
public final class InvalidSamplingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  InvalidSamplingException(List<String> problems) {
    super(
        "%s in the sampling settings:\n  %s"
            .formatted(
                problems.size() == 1 ? "1 problem" : problems.size() + " problems",
                String.join("\n  ", problems)));
  }
}
