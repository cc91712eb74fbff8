package org.attune.server.argilla;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attune.feedback.field.MetadataProperty;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Setting;
import org.attune.server.json.Json;
import org.attune.server.problem.RequestException;
import org.attune.server.search.Filter;
import org.attune.server.search.Scope;
import org.attune.server.search.SearchRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import tools.jackson.core.JacksonException;

/** The filters and the order that first-generation clients put into the query of a list. */
final class ListQuery {

  private static final String METADATA = "metadata.";

  private final DatasetSettings settings;
  private final SignedIn sender;
  private final MultiValueMap<String, String> query;

  ListQuery(DatasetSettings settings, SignedIn sender, MultiValueMap<String, String> query) {
    this.settings = settings;
    this.sender = sender;
    this.query = query;
  }

  boolean isPlain() {
    return values("response_status").isEmpty()
        && values("metadata").isEmpty()
        && values("sort_by").isEmpty();
  }

  SearchRequest read(Paging paging, @Nullable String userId) {
    return new SearchRequest(
        userId,
        null,
        null,
        null,
        filters(),
        values("sort_by").stream().map(this::sorting).toList(),
        paging.offset(),
        paging.limit());
  }

  /** What the records must have, which such clients also say of a search by a vector. */
  List<Filter> filters() {
    List<Filter> filters = new ArrayList<>();
    List<String> statuses = values("response_status");
    if (!statuses.isEmpty()) {
      for (String status : statuses) {
        if (!List.of("draft", "submitted", "discarded", "pending", "missing").contains(status)) {
          throw RequestException.unprocessable("Unknown response_status `" + status + "`");
        }
      }
      filters.add(new Filter.Terms(new Scope.OfResponse(null), statuses));
    }
    values("metadata").forEach(text -> metadata(text).ifPresent(filters::add));
    return filters;
  }

  private List<String> values(String name) {
    List<String> values = query.get(name);
    return values == null ? List.of() : values.stream().filter(value -> !value.isBlank()).toList();
  }

  /** {@code name:term1,term2} or {@code name:{"ge": 1, "le": 5}}; unknown names are ignored. */
  private Optional<Filter> metadata(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || colon == text.length() - 1) {
      throw RequestException.unprocessable("Unable to parse the metadata filter `" + text + "`");
    }
    String name = text.substring(0, colon);
    String condition = text.substring(colon + 1);
    if (!isKnown(name)) {
      return Optional.empty();
    }
    Scope scope = new Scope.OfMetadata(name);
    if (!condition.startsWith("{")) {
      return Optional.of(new Filter.Terms(scope, List.of(condition.split(","))));
    }
    try {
      Map<String, @Nullable Object> bounds = Json.object(condition);
      return Optional.of(
          new Filter.Range(scope, number(bounds.get("ge")), number(bounds.get("le"))));
    } catch (JacksonException e) {
      throw RequestException.unprocessable("Unable to parse the metadata filter `" + text + "`");
    }
  }

  private static @Nullable Double number(@Nullable Object value) {
    return value instanceof Number number ? (Double) number.doubleValue() : null;
  }

  /**
   * {@code inserted_at}, {@code updated_at} or {@code metadata.name}, with {@code :asc, :desc};
   * since Python 3.11 the client writes the name of its class before these.
   */
  private SearchRequest.Sorting sorting(String text) {
    String key = text.replaceFirst(":(SortOrder\\.)?(asc|desc)$", "");
    boolean descending = !key.equals(text) && text.endsWith("desc");
    if (key.equals("inserted_at")) {
      return new SearchRequest.Sorting(
          new Scope.OfRecord(Scope.OfRecord.Property.INSERTED_AT), descending);
    }
    if (key.equals("updated_at")) {
      return new SearchRequest.Sorting(
          new Scope.OfRecord(Scope.OfRecord.Property.UPDATED_AT), descending);
    }
    if (key.startsWith(METADATA) && isKnown(key.substring(METADATA.length()))) {
      return new SearchRequest.Sorting(
          new Scope.OfMetadata(key.substring(METADATA.length())), descending);
    }
    throw RequestException.unprocessable(
        "Provided sort_by `"
            + text
            + "` is not valid. Use inserted_at, updated_at or metadata.NAME");
  }

  private boolean isKnown(String property) {
    return !settings.metadataHiddenFrom(sender).contains(property)
        && settings.metadataProperties().stream()
            .map(Setting<MetadataProperty>::value)
            .anyMatch(known -> known.name().equals(property));
  }
}
