package org.attune.server.curation;

import java.util.List;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.search.Search;

/** A metadata property to filter by, with the terms that records have. */
public record TermFilter(String name, String title, List<String> terms) {

  public TermFilter {
    terms = List.copyOf(terms);
  }

  public static List<TermFilter> of(Search search, DatasetSettings settings) {
    return settings.feedback().metadataProperties().stream()
        .filter(TermsMetadataProperty.class::isInstance)
        .map(
            property ->
                new TermFilter(
                    property.name(),
                    property.title(),
                    List.copyOf(search.termCounts(settings, property.name()).keySet())))
        .toList();
  }
}
