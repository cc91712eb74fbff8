package org.attune.server.argilla;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.problem.RequestException;
import org.jspecify.annotations.Nullable;

/**
 * What is to be shown with records: the values of the query's {@code include}.
 *
 * @param vectorNames which vectors; null for all of them
 */
record Include(
    boolean responses, boolean suggestions, boolean vectors, @Nullable List<String> vectorNames) {

  private static final String NAMED_VECTORS = "vectors:";
  private static final Set<String> KNOWN = Set.of("responses", "suggestions", "vectors");

  /** Everything that belongs to a record. */
  static final Include ALL = new Include(true, true, true, null);

  /** Reads repeated values, each of which may itself be a list with commas. */
  static Include of(@Nullable List<String> values) {
    List<String> parts = new ArrayList<>();
    List<String> names = null;
    for (String value : values == null ? List.<String>of() : values) {
      if (value.startsWith(NAMED_VECTORS)) {
        names = split(value.substring(NAMED_VECTORS.length()));
      } else {
        parts.addAll(split(value));
      }
    }
    for (String part : parts) {
      if (!KNOWN.contains(part)) {
        throw RequestException.unprocessable(
            "Invalid value for include: `" + part + "`. Use responses, suggestions or vectors.");
      }
    }
    if (names != null && parts.contains("vectors")) {
      throw RequestException.unprocessable(
          "Include either all vectors, or those with names: not `vectors` and `vectors:…`.");
    }
    return new Include(
        parts.contains("responses"),
        parts.contains("suggestions"),
        names != null || parts.contains("vectors"),
        names);
  }

  private static List<String> split(String value) {
    return List.of(value.split(",")).stream()
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /** Refuses names of vectors that the dataset does not have. */
  Include checkedFor(DatasetSettings settings) {
    if (vectorNames != null) {
      Set<String> known = settings.vectorIds().keySet();
      for (String name : vectorNames) {
        if (!known.contains(name)) {
          throw RequestException.unprocessable(
              "Vector `"
                  + name
                  + "` does not exist. The vectors of the dataset are "
                  + known
                  + ".");
        }
      }
    }
    return this;
  }
}
