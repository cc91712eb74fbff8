package org.attune.feedback.task;

import java.util.List;
import org.attune.data.InvalidInputException;

/**
 * A text and its label.
 *
 * @param label a string, or a list of strings where a text may have several
 */
public record LabelledText(String text, Object label) {

  public LabelledText {
    if (!(label instanceof String) && !(label instanceof List<?>)) {
      throw new InvalidInputException(
          "The label of \"%s\" was %s but must be a string or a list of strings."
              .formatted(text, label));
    }
  }
}
