package org.attune.server.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.attune.server.json.Json;

/**
 * Where a browser finds the modules that scripts import by name. Browsers take such a map only from
 * within a page, so the page's policy has to allow exactly this text by its hash.
 */
final class ImportMap {

  private static final String WEBJARS = "/webjars/";
  private static final Map<String, String> MODULES =
      Map.of(
          "lit", "lit/3.3.1/index.js",
          "lit/", "lit/3.3.1/",
          "lit-html", "lit-html/3.3.1/lit-html.js",
          "lit-html/", "lit-html/3.3.1/",
          "lit-element/lit-element.js", "lit-element/4.2.1/lit-element.js",
          "@lit/reactive-element", "lit__reactive-element/2.1.1/reactive-element.js",
          "dompurify", "dompurify/3.2.6/dist/purify.es.mjs",
          "marked", "marked/15.0.12/lib/marked.esm.js");

  private static final Map<Language, ImportMap> MAPS =
      Language.all().stream()
          .collect(Collectors.toUnmodifiableMap(Function.identity(), ImportMap::new));

  private final String text;
  private final String hash;

  private ImportMap(Language language) {
    Map<String, Object> addresses = new LinkedHashMap<>();
    MODULES.keySet().stream()
        .sorted()
        .forEach(name -> addresses.put(name, WEBJARS + MODULES.get(name)));
    addresses.put("messages", "/assets/messages/" + language.code() + ".js");
    this.text = Json.write(Map.of("imports", addresses));
    this.hash = hash(text);
  }

  /** The map of a page in that language. */
  static ImportMap of(Language language) {
    return Objects.requireNonNull(MAPS.get(language));
  }

  String text() {
    return text;
  }

  /** The source expression of a content security policy that allows the map. */
  String source() {
    return "'sha256-" + hash + "'";
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
