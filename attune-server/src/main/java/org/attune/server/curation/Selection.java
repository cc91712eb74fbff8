package org.attune.server.curation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.problem.SchemaException;
import org.attune.server.search.Filter;
import org.attune.server.search.Scope;
import org.attune.server.search.SearchRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Which records of a dataset somebody means.
 *
 * @param text words that must all occur, or null
 * @param field where they must occur, or null for anywhere
 * @param query the same as an address spells it, without what says nothing
 */
public record Selection(
    @Nullable String text, @Nullable String field, List<Filter> filters, String query) {

  private static final String METADATA = "metadata.";
  private static final List<String> STATUSES = List.of("pending", "completed");
  private static final List<String> RESPONSES =
      List.of("pending", "draft", "submitted", "discarded");

  public Selection {
    filters = List.copyOf(filters);
  }

  /**
   * Reads {@code q}, {@code field}, {@code status} (pending, completed), {@code responses} (pending
   * for none, draft, submitted, discarded), {@code metadata.NAME} for terms, and {@code
   * metadata.NAME.from} and {@code metadata.NAME.to} for numbers. Several values mean any of them.
   *
   * @throws SchemaException with everything that the dataset does not have
   */
  public static Selection of(MultiValueMap<String, String> query, DatasetSettings settings) {
    List<SchemaException.Fault> faults = new ArrayList<>();
    List<Filter> filters = new ArrayList<>();
    known(query, "status", STATUSES, faults)
        .ifNotEmpty(new Scope.OfRecord(Scope.OfRecord.Property.STATUS), filters);
    known(query, "responses", RESPONSES, faults).ifNotEmpty(new Scope.OfResponse(null), filters);
    String field = first(query, "field");
    if (field != null && !settings.feedback().fieldsByName().containsKey(field)) {
      faults.add(fault("field", "must be a field of the dataset but was " + field));
    }
    Set<String> read = new HashSet<>(Set.of("q", "field", "status", "responses"));
    for (MetadataProperty property : settings.feedback().metadataProperties()) {
      String key = METADATA + property.name();
      Scope scope = new Scope.OfMetadata(property.name());
      if (property instanceof TermsMetadataProperty) {
        new Values(given(query, key)).ifNotEmpty(scope, filters);
        read.add(key);
      } else {
        Double from = number(query, key + ".from", faults);
        Double to = number(query, key + ".to", faults);
        if (from != null || to != null) {
          filters.add(new Filter.Range(scope, from, to));
        }
        read.addAll(List.of(key + ".from", key + ".to"));
      }
    }
    query.keySet().stream()
        .filter(key -> key.startsWith(METADATA) && !read.contains(key))
        .forEach(key -> faults.add(fault(key, "names no filter that the dataset has")));
    if (!faults.isEmpty()) {
      throw new SchemaException(faults);
    }
    UriComponentsBuilder address = UriComponentsBuilder.newInstance();
    query.keySet().stream()
        .filter(read::contains)
        .forEach(key -> given(query, key).forEach(value -> address.queryParam(key, value)));
    String spelled = address.encode().build().getQuery();
    return new Selection(first(query, "q"), field, filters, spelled == null ? "" : spelled);
  }

  /** The values of a parameter. */
  private record Values(List<String> values) {
    void ifNotEmpty(Scope scope, List<Filter> filters) {
      if (!values.isEmpty()) {
        filters.add(new Filter.Terms(scope, values));
      }
    }
  }

  private static Values known(
      MultiValueMap<String, String> query,
      String key,
      List<String> known,
      List<SchemaException.Fault> faults) {
    List<String> values = given(query, key);
    values.stream()
        .filter(value -> !known.contains(value))
        .forEach(value -> faults.add(fault(key, "must be one of " + known + " but was " + value)));
    return new Values(values);
  }

  private static List<String> given(MultiValueMap<String, String> query, String key) {
    return query.getOrDefault(key, List.of()).stream()
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  private static @Nullable String first(MultiValueMap<String, String> query, String key) {
    List<String> values = given(query, key);
    return values.isEmpty() ? null : values.get(0);
  }

  private static @Nullable Double number(
      MultiValueMap<String, String> query, String key, List<SchemaException.Fault> faults) {
    String text = first(query, key);
    try {
      return text == null ? null : Double.valueOf(text);
    } catch (NumberFormatException e) {
      faults.add(fault(key, "must be a number but was " + text));
      return null;
    }
  }

  private static SchemaException.Fault fault(String key, String message) {
    return new SchemaException.Fault(List.of("query", key), message, "value_error");
  }

  /** Whether every record is meant. */
  public boolean isEverything() {
    return text == null && filters.isEmpty();
  }

  /** A part of the records, the newest first unless words rank them. */
  public SearchRequest part(long offset, int limit) {
    List<SearchRequest.Sorting> newest =
        List.of(
            new SearchRequest.Sorting(
                new Scope.OfRecord(Scope.OfRecord.Property.INSERTED_AT), true));
    return new SearchRequest(
        null, text, field, null, filters, text == null ? newest : List.of(), offset, limit);
  }

  /** Those of some records that are meant. */
  public SearchRequest among(List<String> ids) {
    return new SearchRequest(null, text, field, null, filters, List.of(), 0, ids.size())
        .and(List.of(new Filter.Terms(new Scope.OfRecord(Scope.OfRecord.Property.ID), ids)));
  }
}
