package org.attune.feedback.argilla;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.attune.feedback.query.Filter;
import org.attune.feedback.query.RecordQuery;
import org.attune.feedback.query.Scope;
import org.attune.feedback.query.Similarity;
import org.attune.feedback.query.Sort;
import org.jspecify.annotations.Nullable;

/** The body of a search: {@code {"query", "filters", "sort"}}. */
public final class QueryJson {

  private QueryJson() {}

  public static Map<String, @Nullable Object> write(RecordQuery query) {
    Map<String, @Nullable Object> parts = new LinkedHashMap<>();
    if (query.text() != null) {
      Map<String, @Nullable Object> text = new LinkedHashMap<>();
      text.put("q", query.text());
      if (query.textField() != null) {
        text.put("field", query.textField());
      }
      parts.put("text", text);
    }
    Similarity similarity = query.similarity();
    if (similarity != null) {
      parts.put("vector", write(similarity));
    }
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    if (!parts.isEmpty()) {
      body.put("query", parts);
    }
    if (!query.filters().isEmpty()) {
      body.put("filters", Map.of("and", query.filters().stream().map(QueryJson::write).toList()));
    }
    if (!query.sorts().isEmpty()) {
      body.put("sort", query.sorts().stream().map(QueryJson::write).toList());
    }
    return body;
  }

  private static Map<String, @Nullable Object> write(Similarity similarity) {
    Map<String, @Nullable Object> vector = new LinkedHashMap<>();
    vector.put("name", similarity.vector());
    if (similarity.recordId() != null) {
      vector.put("record_id", similarity.recordId());
    } else {
      vector.put("value", similarity.value());
    }
    vector.put("order", similarity.least() ? "least_similar" : "most_similar");
    return vector;
  }

  private static Map<String, @Nullable Object> write(Filter filter) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    List<String> values = filter.values();
    body.put("type", values.isEmpty() ? "range" : "terms");
    body.put("scope", write(filter.scope()));
    if (values.isEmpty()) {
      body.put("ge", number(filter.least()));
      body.put("le", number(filter.most()));
    } else {
      body.put("values", values);
    }
    return body;
  }

  /** A whole number is written as one, since some servers compare integers with integers only. */
  private static @Nullable Number number(@Nullable Double bound) {
    if (bound == null || bound != Math.rint(bound) || Math.abs(bound) > Integer.MAX_VALUE) {
      return bound;
    }
    return bound.longValue();
  }

  private static Map<String, @Nullable Object> write(Sort sort) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("scope", write(sort.scope()));
    body.put("order", sort.descending() ? "desc" : "asc");
    return body;
  }

  private static Map<String, @Nullable Object> write(Scope scope) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("entity", scope.entity().name().toLowerCase(Locale.ROOT));
    if (scope.entity() == Scope.Entity.METADATA) {
      body.put("metadata_property", scope.name());
      return body;
    }
    if (scope.name() != null) {
      body.put("question", scope.name());
    }
    body.put("property", scope.property());
    return body;
  }
}
