package org.attune.feedback.query;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A search for records: all that its text, filters and similarity let pass, in the order of its
 * sorts.
 *
 * @param text words that all must occur, or null
 * @param textField the field in which they must occur; null for any
 */
public record RecordQuery(
    @Nullable String text,
    @Nullable String textField,
    @Nullable Similarity similarity,
    List<Filter> filters,
    List<Sort> sorts) {

  public RecordQuery {
    filters = List.copyOf(filters);
    sorts = List.copyOf(sorts);
  }

  /** A query that lets every record pass. */
  public static RecordQuery all() {
    return new RecordQuery(null, null, null, List.of(), List.of());
  }

  /** The same query, for records in which all the words occur. */
  public RecordQuery text(String words) {
    return new RecordQuery(words, null, similarity, filters, sorts);
  }

  /** The same query, for records in whose field all the words occur. */
  public RecordQuery text(String words, String field) {
    return new RecordQuery(words, field, similarity, filters, sorts);
  }

  /** The same query, for records that pass further filters as well. */
  public RecordQuery filterBy(Filter... further) {
    return new RecordQuery(text, textField, similarity, joined(filters, List.of(further)), sorts);
  }

  /** The same query, ordered by further sorts where the earlier ones leave a tie. */
  public RecordQuery sortBy(Sort... further) {
    return new RecordQuery(text, textField, similarity, filters, joined(sorts, List.of(further)));
  }

  /** The same query, for the records whose vectors are nearest or farthest. */
  public RecordQuery similarTo(Similarity to) {
    return new RecordQuery(text, textField, to, filters, sorts);
  }

  private static <T> List<T> joined(List<T> items, List<T> further) {
    return Stream.concat(items.stream(), further.stream()).toList();
  }

  /** Whether nothing but a listing is asked for. */
  public boolean isEverything() {
    return Stream.of(text, similarity).allMatch(part -> part == null)
        && filters.isEmpty()
        && sorts.isEmpty();
  }
}
