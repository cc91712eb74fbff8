package org.attune.feedback.question;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One option of a ranking answer.
 *
 * @param rank 1 is best; equal ranks are ties; null only in drafts and suggestions
 */
public record RankedOption(String value, @Nullable Integer rank) {

  /** The answer that ranks the given options from best to worst, without ties. */
  public static List<RankedOption> bestFirst(String... values) {
    return IntStream.range(0, values.length)
        .mapToObj(index -> new RankedOption(values[index], index + 1))
        .toList();
  }
}
