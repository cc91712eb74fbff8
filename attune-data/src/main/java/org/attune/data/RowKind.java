package org.attune.data;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the rows of a dataset can train, by the names of their columns. The names are those of TRL,
 * so that its datasets train here and ours train there. Further columns do not matter.
 */
public enum RowKind {
  /** A pair of tokenized texts, the first of which is better. */
  TOKENIZED_PREFERENCE(
      "input_ids_chosen", "attention_mask_chosen", "input_ids_rejected", "attention_mask_rejected"),
  /**
   * A pair of texts, the first of which is better; with {@code prompt}, if any, their common start,
   * and with {@code margin}, if any, by how much.
   */
  PREFERENCE("chosen", "rejected"),
  /** A completion and a number that says how good it is. */
  REWARD_LABELLED("prompt", "completion", "reward"),
  /** A completion and whether it is wanted. */
  UNPAIRED_PREFERENCE("prompt", "completion", "label"),
  /** A completion to learn. */
  PROMPT_COMPLETION("prompt", "completion"),
  /** A text, or a conversation in {@code messages}, to learn. */
  LANGUAGE_MODELING("text"),
  /** A prompt to be completed by the model itself. */
  PROMPT_ONLY("prompt");

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes unmodifiable lists
  private final List<String> required;

  RowKind(String... required) {
    this.required = List.of(required);
  }

  /**
   * The most specific kind that the columns allow.
   *
   * @throws DatasetFormatException if they allow none; the message names the nearest kind and what
   *     it lacks
   */
  public static RowKind of(Collection<String> columns) {
    Set<String> present = new HashSet<>(columns);
    return Stream.of(values())
        .filter(kind -> kind.missing(present).isEmpty())
        .findFirst()
        .orElseThrow(() -> none(columns, present));
  }

  /**
   * Checks that the columns allow this kind.
   *
   * @throws DatasetFormatException if not; the message names the missing columns
   */
  public void require(Collection<String> columns) {
    List<String> missing = missing(new HashSet<>(columns));
    if (!missing.isEmpty()) {
      throw DatasetFormatException.of(
          "The dataset's rows are not "
              + title()
              + ": "
              + missing(missing)
              + " The columns are "
              + String.join(", ", columns)
              + ". Rename columns, or map each row to "
              + form()
              + ".");
    }
  }

  private List<String> missing(Set<String> present) {
    if (this == LANGUAGE_MODELING && present.contains("messages")) {
      return List.of();
    }
    return required.stream().filter(column -> !present.contains(column)).toList();
  }

  private static DatasetFormatException none(Collection<String> columns, Set<String> present) {
    String forms =
        Stream.of(values())
            .map(kind -> "  " + kind.title() + ": " + kind.form())
            .collect(Collectors.joining("\n"));
    Optional<RowKind> nearest =
        Stream.of(values())
            .filter(kind -> kind.required.stream().anyMatch(present::contains))
            .min((a, b) -> a.missing(present).size() - b.missing(present).size());
    return DatasetFormatException.of(
        "The columns "
            + String.join(", ", columns)
            + " train nothing."
            + nearest
                .map(kind -> " For " + kind.title() + " rows, " + missing(kind.missing(present)))
                .orElse("")
            + " Rename columns or map the rows to one of these:\n"
            + forms);
  }

  private static String missing(List<String> columns) {
    return (columns.size() == 1 ? "the column " : "the columns ")
        + String.join(", ", columns)
        + (columns.size() == 1 ? " is missing." : " are missing.");
  }

  private String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private String form() {
    return switch (this) {
      case LANGUAGE_MODELING -> "text or messages";
      case PREFERENCE -> "chosen, rejected[, prompt][, margin]";
      default -> String.join(", ", required);
    };
  }
}
