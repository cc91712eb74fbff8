package org.attune.server.argilla;

import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.VectorSettings;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Setting;
import org.attune.server.json.Body;
import org.attune.server.problem.RequestException;
import org.attune.server.record.Vectors;
import org.attune.server.search.Filter;
import org.attune.server.search.Scope;
import org.attune.server.search.SearchRequest;
import org.attune.server.storage.Moments;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** The body of a search, checked against the settings of its dataset. */
final class SearchBody {

  private static final int MOST_FILTERS = 50;
  private static final int MOST_TERMS = 250;
  private static final int MOST_SORTS = 10;
  private static final int LONGEST_TEXT = 10_000;

  private final DatasetSettings settings;
  private final SignedIn sender;

  SearchBody(DatasetSettings settings, SignedIn sender) {
    this.settings = settings;
    this.sender = sender;
  }

  SearchRequest read(
      Transaction transaction,
      Map<String, @Nullable Object> json,
      Paging paging,
      @Nullable String userId) {
    Body body = Body.of(json);
    String text = null;
    String field = null;
    SearchRequest.Similarity vector = null;
    if (body.raw("query") != null) {
      Body query = body.object("query");
      if (query.raw("text") != null) {
        Body words = query.object("text");
        text = words.text("q", LONGEST_TEXT);
        field = words.optionalText("field", LONGEST_TEXT);
        requireField(field);
      }
      if (query.raw("vector") != null) {
        vector = vector(transaction, query.object("vector"));
      }
    }
    List<Filter> filters = new ArrayList<>();
    if (body.raw("filters") != null) {
      body.object("filters")
          .objects("and", 0, MOST_FILTERS)
          .forEach(filter -> filters.add(filter(filter)));
    }
    List<SearchRequest.Sorting> sorts = new ArrayList<>();
    for (Body sort : body.optionalObjects("sort", MOST_SORTS)) {
      Object order = sort.raw("order");
      if (order != null && !order.equals("asc") && !order.equals("desc")) {
        sort.fault("order", "Input should be 'asc' or 'desc'", "enum");
      }
      sorts.add(new SearchRequest.Sorting(scope(sort.object("scope")), "desc".equals(order)));
    }
    body.check();
    return new SearchRequest(
        userId, text, field, vector, filters, sorts, paging.offset(), paging.limit());
  }

  private void requireField(@Nullable String name) {
    if (name != null && !settings.feedback().fieldsByName().containsKey(name)) {
      throw RequestException.unprocessable(
          "Field `"
              + name
              + "` not found in dataset `"
              + settings.dataset().id()
              + "`. Its fields are "
              + settings.feedback().fieldsByName().keySet()
              + ".");
    }
  }

  private SearchRequest.Similarity vector(Transaction transaction, Body vector) {
    String name = vector.text("name", LONGEST_TEXT);
    String recordId = vector.optionalText("record_id", LONGEST_TEXT);
    Object value = vector.raw("value");
    if ((recordId == null) == (value == null)) {
      vector.fault("record_id", "Either 'record_id' or 'value' must be provided", "value_error");
    }
    Object order = vector.raw("order");
    if (order != null && !order.equals("most_similar") && !order.equals("least_similar")) {
      vector.fault("order", "Input should be 'most_similar' or 'least_similar'", "enum");
    }
    vector.check();
    VectorSettings known =
        settings.feedback().vectors().stream()
            .filter(some -> some.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    RequestException.unprocessable(
                        "Vector `"
                            + name
                            + "` not found in dataset `"
                            + settings.dataset().id()
                            + "`. Its vectors are "
                            + settings.vectorIds().keySet()
                            + "."));
    float[] target =
        recordId == null
            ? floats(value)
            : Vectors.of(transaction, recordId, name)
                .orElseThrow(
                    () ->
                        RequestException.unprocessable(
                            "Record `" + recordId + "` does not have a vector for `" + name + "`"));
    if (target.length != known.dimensions()) {
      throw RequestException.unprocessable(
          "Vector `"
              + name
              + "` has "
              + known.dimensions()
              + " dimensions, but "
              + target.length
              + " were given");
    }
    if ("least_similar".equals(order)) {
      for (int i = 0; i < target.length; i++) {
        target[i] = -target[i];
      }
    }
    return new SearchRequest.Similarity(name, target, recordId);
  }

  private static float[] floats(@Nullable Object value) {
    List<?> items = value instanceof List<?> list ? list : List.of();
    float[] floats = new float[items.size()];
    for (int i = 0; i < floats.length; i++) {
      if (!(items.get(i) instanceof Number number)) {
        throw RequestException.unprocessable("The vector has a component that is no number");
      }
      floats[i] = number.floatValue();
    }
    return floats;
  }

  private Filter filter(Body filter) {
    Scope scope = scope(filter.object("scope"));
    if ("range".equals(filter.raw("type"))) {
      return range(filter, scope);
    }
    if (!"terms".equals(filter.raw("type"))) {
      filter.fault("type", "Input should be 'terms' or 'range'", "enum");
    }
    List<?> values = filter.raw("values") instanceof List<?> list ? list : List.of();
    if (values.isEmpty() || values.size() > MOST_TERMS) {
      filter.fault("values", "List should have 1 to " + MOST_TERMS + " items", "too_long");
    }
    return new Filter.Terms(scope, values.stream().map(String::valueOf).toList());
  }

  private static Filter range(Body filter, Scope scope) {
    Double from = bound(filter, "ge", scope);
    Double to = bound(filter, "le", scope);
    if (from == null && to == null) {
      filter.fault("ge", "At least one of 'ge' or 'le' must be provided", "value_error");
    } else if (from != null && to != null && from > to) {
      filter.fault("ge", "'ge' must be lower or equal than 'le'", "value_error");
    }
    return new Filter.Range(scope, from, to);
  }

  /** A number, or a time where the scope is one. */
  private static @Nullable Double bound(Body filter, String key, Scope scope) {
    Object value = filter.raw(key);
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text && scope instanceof Scope.OfRecord) {
      try {
        return (double) Moments.parse(text);
      } catch (DateTimeException e) {
        filter.fault(key, "Input should be a number or a time", "value_error");
      }
    } else if (value != null) {
      filter.fault(key, "Input should be a valid number", "float_type");
    }
    return null;
  }

  private Scope scope(Body scope) {
    String entity = String.valueOf(scope.raw("entity"));
    String property = String.valueOf(scope.raw("property"));
    switch (entity) {
      case "record" -> {
        try {
          return new Scope.OfRecord(
              Scope.OfRecord.Property.valueOf(property.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
          scope.fault("property", "Input should be a property of records", "enum");
        }
      }
      case "metadata" -> {
        return new Scope.OfMetadata(metadata(scope.text("metadata_property", LONGEST_TEXT)));
      }
      case "suggestion" -> {
        try {
          return new Scope.OfSuggestion(
              question(scope.text("question", LONGEST_TEXT)),
              scope.raw("property") == null
                  ? Scope.OfSuggestion.Part.VALUE
                  : Scope.OfSuggestion.Part.valueOf(property.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
          scope.fault("property", "Input should be 'value', 'score', 'agent' or 'type'", "enum");
        }
      }
      case "response" -> {
        String question = scope.optionalText("question", LONGEST_TEXT);
        if (question == null && !property.equals("status")) {
          scope.fault("property", "Input should be 'status', or a question be given", "enum");
        }
        return new Scope.OfResponse(question == null ? null : question(question));
      }
      default ->
          scope.fault(
              "entity", "Input should be 'record', 'metadata', 'suggestion' or 'response'", "enum");
    }
    return new Scope.OfRecord(Scope.OfRecord.Property.INSERTED_AT);
  }

  private String question(String name) {
    if (!settings.questionIds().containsKey(name) && !name.isEmpty()) {
      throw RequestException.unprocessable(
          "Question `"
              + name
              + "` not found in dataset `"
              + settings.dataset().id()
              + "`. Its questions are "
              + settings.questionIds().keySet()
              + ".");
    }
    return name;
  }

  private String metadata(String name) {
    List<String> known =
        settings.metadataProperties().stream()
            .map(Setting::value)
            .map(MetadataProperty::name)
            .filter(property -> !settings.metadataHiddenFrom(sender).contains(property))
            .toList();
    if (!known.contains(name) && !name.isEmpty()) {
      throw RequestException.unprocessable(
          "Metadata property `"
              + name
              + "` not found in dataset `"
              + settings.dataset().id()
              + "`. Its properties are "
              + known
              + ".");
    }
    return name;
  }
}
