package org.attune.server.page;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A language that the pages speak. */
public enum Language {
  ENGLISH("en", "English"),
  GERMAN("de", "Deutsch");

  /** The cookie with a person's choice; without one, the browser's languages decide. */
  static final String COOKIE = "attune_language";

  private final String code;
  private final String title;

  Language(String code, String title) {
    this.code = code;
    this.title = title;
  }

  public String code() {
    return code;
  }

  /** What the language calls itself. */
  public String title() {
    return title;
  }

  Locale locale() {
    return Locale.forLanguageTag(code);
  }

  static List<Language> all() {
    return List.of(values());
  }

  /** The language of that code, or null. */
  static @Nullable Language of(String code) {
    return all().stream().filter(language -> language.code.equals(code)).findFirst().orElse(null);
  }

  static Language of(HttpServletRequest request) {
    Language chosen = of(Cookies.value(request, COOKIE, ""));
    if (chosen != null) {
      return chosen;
    }
    Locale best =
        Locale.lookup(
            Locale.LanguageRange.parse(ranges(request)),
            all().stream().map(Language::locale).toList());
    Language known = best == null ? null : of(best.getLanguage());
    return known == null ? ENGLISH : known;
  }

  private static String ranges(HttpServletRequest request) {
    String accepted = request.getHeader("Accept-Language");
    try {
      if (accepted != null) {
        Locale.LanguageRange.parse(accepted);
        return accepted;
      }
    } catch (IllegalArgumentException e) {
      return ENGLISH.code; // a header that names no languages
    }
    return ENGLISH.code;
  }
}
