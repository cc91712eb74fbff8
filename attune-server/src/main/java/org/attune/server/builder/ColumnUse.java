package org.attune.server.builder;

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a column of an uploaded file.
 *
 * @param name of the field, the metadata property, or the question that a suggestion is for
 * @param required whether a row without a value is an error
 */
record ColumnUse(Kind kind, String name, boolean required) {

  /** A part of a record that a column can fill. */
  enum Kind {
    IGNORE,
    TEXT,
    MARKDOWN,
    CHAT,
    IMAGE,
    METADATA,
    EXTERNAL_ID,
    SUGGESTION;

    public String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isField() {
      return this == TEXT || this == MARKDOWN || this == CHAT || this == IMAGE;
    }
  }

  private static final int LONGEST_NAME = 200;

  static ColumnUse ignored() {
    return new ColumnUse(Kind.IGNORE, "", false);
  }

  /** As a form spells it: {@code text}, {@code metadata}, {@code suggestion:label}. */
  public String choice() {
    return kind == Kind.SUGGESTION ? kind.key() + ":" + name : kind.key();
  }

  /** Reads a choice; what is none ignores the column. */
  static ColumnUse of(String choice, String name, boolean required) {
    int colon = choice.indexOf(':');
    String key = colon < 0 ? choice : choice.substring(0, colon);
    for (Kind kind : Kind.values()) {
      if (kind.key().equals(key)) {
        return new ColumnUse(kind, colon < 0 ? name : choice.substring(colon + 1), required);
      }
    }
    return ignored();
  }

  /** A name as fields and metadata may have it, made from the heading of a column. */
  static String nameOf(String column, int position) {
    String plain =
        Normalizer.normalize(column, Normalizer.Form.NFKD)
            .replaceAll("\\p{M}", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9_-]+", "-")
            .replaceAll("^[-_]+|[-_]+$", "");
    String name = plain.isEmpty() ? "column-" + (position + 1) : plain;
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", kind.name());
    json.put("name", name);
    json.put("required", required);
    return json;
  }

  static ColumnUse read(@Nullable Object json) {
    Map<?, ?> map = (Map<?, ?>) json;
    return map == null
        ? ignored()
        : new ColumnUse(
            Kind.valueOf(String.valueOf(map.get("kind"))),
            String.valueOf(map.get("name")),
            Boolean.TRUE.equals(map.get("required")));
  }
}
