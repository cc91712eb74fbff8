package org.attune.model.template;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The filters, by name. */
final class Filters {
  /** A filter: what stands before the bar, and what stands in the brackets. */
  interface Filter {
    Object apply(Object value, CallArguments arguments, Renderer renderer);
  }

  /** Filters that Jinja has and no chat template was seen to use. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "attr",
          "filesizeformat",
          "pprint",
          "random",
          "striptags",
          "urlencode",
          "urlize",
          "wordwrap",
          "xmlattr");

  private static final Map<String, Filter> FILTERS =
      Stream.of(TextFilters.ALL, NumberFilters.ALL, ListFilters.ALL, SelectFilters.ALL)
          .flatMap(filters -> filters.entrySet().stream())
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private Filters() {}

  static boolean isKnown(String name) {
    return FILTERS.containsKey(name) || UNSUPPORTED.contains(name);
  }

  static Object apply(String name, Object value, CallArguments arguments, Renderer renderer) {
    Filter filter = find(name);
    if (filter == null) {
      throw Failure.of(
          UNSUPPORTED.contains(name)
              ? "the filter \"%s\" is not supported."
              : "there is no filter \"%s\".",
          name);
    }
    if (value instanceof SafeText && !TextFilters.TAKE_SAFE_TEXT.contains(name)) {
      throw Failure.of(
          "the filter \"%s\" after safe or escape is not supported. Put it before them.", name);
    }
    renderer.budget().spend(1);
    return filter.apply(value, arguments, renderer);
  }

  private static @Nullable Filter find(String name) {
    return FILTERS.get(name);
  }

  static List<String> names() {
    return FILTERS.keySet().stream().sorted().toList();
  }
}
