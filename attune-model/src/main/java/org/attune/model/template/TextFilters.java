package org.attune.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters that make text. */
final class TextFilters {
  static final Set<String> TAKE_SAFE_TEXT =
      Set.of("default", "d", "e", "escape", "length", "count", "safe", "string", "tojson");

  private static final Pattern TITLE_PART = Pattern.compile("[-\\s({\\[<]+");
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}\\p{Mn}\\p{Mc}_]+");
  private static final int LEEWAY = 5;

  static final Map<String, Filters.Filter> ALL =
      Map.ofEntries(
          Map.entry("capitalize", (v, a, r) -> method(v, "capitalize", a, r)),
          Map.entry("center", TextFilters::center),
          Map.entry("d", TextFilters::orDefault),
          Map.entry("default", TextFilters::orDefault),
          Map.entry("e", (v, a, r) -> escaped(v)),
          Map.entry("escape", (v, a, r) -> escaped(v)),
          Map.entry("forceescape", (v, a, r) -> escaped(Text.of(v))),
          Map.entry("format", TextFilters::format),
          Map.entry("indent", TextFilters::indent),
          Map.entry("join", TextFilters::join),
          Map.entry("lower", (v, a, r) -> method(v, "lower", a, r)),
          Map.entry("replace", TextFilters::replace),
          Map.entry("safe", (v, a, r) -> new SafeText(Text.of(v))),
          Map.entry("string", (v, a, r) -> v instanceof SafeText ? v : Text.of(v)),
          Map.entry("title", (v, a, r) -> title(Text.of(v))),
          Map.entry("tojson", (v, a, r) -> JsonText.of(v, a, r.budget())),
          Map.entry("trim", (v, a, r) -> StringMethods.strip(Text.of(v), a, true, true)),
          Map.entry("truncate", TextFilters::truncate),
          Map.entry("upper", (v, a, r) -> method(v, "upper", a, r)),
          Map.entry("wordcount", (v, a, r) -> WORD.matcher(Text.of(v)).results().count()));

  private TextFilters() {}

  private static Object method(Object value, String name, CallArguments arguments, Renderer r) {
    Callable method = StringMethods.find(Text.of(value), name, r.budget());
    if (method == null) {
      throw Failure.of("there is no string method %s.", name);
    }
    return method.call(arguments);
  }

  private static Object center(Object value, CallArguments arguments, Renderer renderer) {
    long width = arguments.bind("center", "width?").whole(0, 80);
    return Padding.centered(Text.of(value), CallArguments.of(width), renderer.budget());
  }

  private static Object orDefault(Object value, CallArguments arguments, Renderer renderer) {
    CallArguments.Bound bound = arguments.bind("default", "default_value?", "boolean?");
    boolean isMissing = value instanceof Undefined || (bound.flag(1, false) && !Truth.of(value));
    return isMissing ? bound.get(0, "") : value;
  }

  static SafeText escaped(Object value) {
    if (value instanceof SafeText safe) {
      return safe;
    }
    return new SafeText(
        Text.of(value)
            .replace("&", "&amp;")
            .replace(">", "&gt;")
            .replace("<", "&lt;")
            .replace("'", "&#39;")
            .replace("\"", "&#34;"));
  }

  private static Object format(Object value, CallArguments arguments, Renderer renderer) {
    if (!arguments.named().isEmpty() && !arguments.positional().isEmpty()) {
      throw new Failure("format takes positional or named arguments, not both.");
    }
    Object values = new Tuple(arguments.positional());
    if (!arguments.named().isEmpty()) {
      Dictionary dictionary = new Dictionary();
      arguments.named().forEach(dictionary::put);
      values = dictionary;
    }
    return Format.percent(Text.of(value), values, renderer.budget());
  }

  private static Object indent(Object value, CallArguments arguments, Renderer renderer) {
    CallArguments.Bound bound = arguments.bind("indent", "width?", "first?", "blank?");
    Object width = bound.get(0, 4L);
    String indent =
        width instanceof String text
            ? text
            : " ".repeat((int) Math.min(1_000, Math.max(0, Numbers.whole(width, "indent"))));
    boolean indentsBlank = bound.flag(2, false);
    String whole = Text.required(value, "indent") + "\n";
    StringBuilder text = new StringBuilder(bound.flag(1, false) ? indent : "");
    boolean isFirst = true;
    for (Object each : Items.list(Splitting.lines(whole, CallArguments.NONE), renderer.budget())) {
      String line = Text.of(each);
      if (!isFirst) {
        text.append('\n').append(line.isEmpty() && !indentsBlank ? "" : indent);
      }
      text.append(line);
      isFirst = false;
      renderer.budget().length(text.length());
    }
    renderer.budget().size(text.length());
    return text.toString();
  }

  private static Object join(Object value, CallArguments arguments, Renderer renderer) {
    CallArguments.Bound bound = arguments.bind("join", "d?", "attribute?");
    Object attribute = bound.get(1, None.NONE);
    String separator = Text.of(bound.get(0, ""));
    StringBuilder text = new StringBuilder();
    boolean isFirst = true;
    for (Object item : Items.list(value, renderer.budget())) {
      Object part = attribute == None.NONE ? item : AttributePath.of(attribute).get(item, renderer);
      if (part instanceof SafeText) {
        throw new Failure("join of texts after safe or escape is not supported.");
      }
      text.append(isFirst ? "" : separator).append(Text.of(part));
      isFirst = false;
      renderer.budget().length(text.length());
    }
    renderer.budget().size(text.length());
    return text.toString();
  }

  private static Object replace(Object value, CallArguments arguments, Renderer renderer) {
    CallArguments.Bound bound = arguments.bind("replace", "old", "new", "count?");
    Object count = bound.get(2, None.NONE);
    return StringMethods.replaced(
        Text.of(value),
        Text.of(bound.get(0)),
        Text.of(bound.get(1)),
        count == None.NONE ? -1 : Numbers.whole(count, "replace"),
        renderer.budget());
  }

  private static Object title(String text) {
    StringBuilder result = new StringBuilder();
    List<String> parts = new ArrayList<>();
    Matcher separator = TITLE_PART.matcher(text);
    int from = 0;
    while (separator.find()) {
      parts.add(text.substring(from, separator.start()));
      parts.add(separator.group());
      from = separator.end();
    }
    parts.add(text.substring(from));
    for (String part : parts) {
      if (!part.isEmpty()) {
        int first = part.offsetByCodePoints(0, 1);
        result
            .append(Case.upper(part.substring(0, first)))
            .append(Case.lower(part.substring(first)));
      }
    }
    return result.toString();
  }

  private static Object truncate(Object value, CallArguments arguments, Renderer renderer) {
    CallArguments.Bound bound =
        arguments.bind("truncate", "length?", "killwords?", "end?", "leeway?");
    String end = Text.required(bound.get(2, "..."), "truncate");
    long length = bound.whole(0, 255);
    Object leeway = bound.get(3, None.NONE);
    long allowed = length + (leeway == None.NONE ? LEEWAY : Numbers.whole(leeway, "truncate"));
    int endLength = end.codePointCount(0, end.length());
    if (length < endLength) {
      throw new Failure("truncate needs a length that its end fits in.");
    }
    long size = Items.length(value);
    if (size <= allowed) {
      return value;
    }
    String text = Text.required(value, "truncate");
    int kept = (int) Math.min(size, length - endLength);
    String start = text.substring(0, text.offsetByCodePoints(0, kept));
    int space = start.lastIndexOf(' ');
    return (bound.flag(1, false) || space < 0 ? start : start.substring(0, space)) + end;
  }
}
