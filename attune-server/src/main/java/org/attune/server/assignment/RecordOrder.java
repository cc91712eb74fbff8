package org.attune.server.assignment;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.attune.server.dataset.Datasets;
import org.attune.server.search.Scope.OfMeasure;
import org.attune.server.search.Scope.OfMeasure.Measure;
import org.attune.server.search.Scope.OfMetadata;
import org.attune.server.search.SearchRequest.Sorting;

/**
 * The order in which people are given records.
 *
 * @param sorts the keys of the order; none for the one in which records were added
 * @param random whether each person has an order of their own
 */
record RecordOrder(List<Sorting> sorts, boolean random) {

  static final String RANDOM = "random";
  static final String UNCERTAIN = "uncertain";
  static final String DISAGREEMENT = "disagreement";
  private static final String METADATA = "metadata.";

  RecordOrder {
    sorts = List.copyOf(sorts);
  }

  /**
   * The order of that name, if there is one: {@code inserted}, {@code random}, {@code uncertain}
   * (lowest score of a suggestion first), {@code disagreement} (most different answers first), or
   * {@code metadata.NAME:asc} and {@code metadata.NAME:desc}.
   */
  static Optional<RecordOrder> of(String text) {
    return switch (text) {
      case Datasets.IN_ORDER -> Optional.of(new RecordOrder(List.of(), false));
      case RANDOM -> Optional.of(new RecordOrder(List.of(), true));
      case UNCERTAIN -> Optional.of(by(Measure.CONFIDENCE, false));
      case DISAGREEMENT -> Optional.of(by(Measure.DISAGREEMENT, true));
      default -> ofMetadata(text);
    };
  }

  private static RecordOrder by(Measure measure, boolean descending) {
    return new RecordOrder(List.of(new Sorting(new OfMeasure(measure, null), descending)), false);
  }

  private static Optional<RecordOrder> ofMetadata(String text) {
    int colon = text.lastIndexOf(':');
    String direction = text.substring(colon + 1).toLowerCase(Locale.ROOT);
    if (!text.startsWith(METADATA) || colon < 0 || !List.of("asc", "desc").contains(direction)) {
      return Optional.empty();
    }
    OfMetadata property = new OfMetadata(text.substring(METADATA.length(), colon));
    return Optional.of(
        new RecordOrder(List.of(new Sorting(property, direction.equals("desc"))), false));
  }

  /** The names of all orders that a dataset with these metadata properties can have. */
  static List<String> names(List<String> properties) {
    return Stream.concat(
            Stream.of(Datasets.IN_ORDER, RANDOM, UNCERTAIN, DISAGREEMENT),
            properties.stream()
                .flatMap(name -> Stream.of(METADATA + name + ":asc", METADATA + name + ":desc")))
        .toList();
  }
}
