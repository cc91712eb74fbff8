package org.attune.server.page;

import java.util.Map;
import java.util.ResourceBundle;
import java.util.TreeMap;
import org.attune.server.json.Json;
import org.attune.server.problem.RequestException;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The texts of the pages as a module for scripts, from the same files that the templates use. */
@Page
final class MessageModule {

  private static final String[] BUNDLES = {"messages/shell", "messages/annotate"};

  @GetMapping(path = "/assets/messages/{language}.js", produces = "text/javascript;charset=UTF-8")
  ResponseEntity<String> module(@PathVariable String language) {
    Language known = Language.of(language);
    if (known == null) {
      throw RequestException.notFound("Language", language);
    }
    Map<String, String> texts = new TreeMap<>();
    for (String name : BUNDLES) {
      ResourceBundle bundle =
          ResourceBundle.getBundle(
              name,
              known.locale(),
              ResourceBundle.Control.getNoFallbackControl(
                  ResourceBundle.Control.FORMAT_PROPERTIES));
      bundle.keySet().forEach(key -> texts.put(key, bundle.getString(key)));
    }
    return ResponseEntity.ok("export default " + Json.write(texts) + ";\n");
  }
}
