package org.attune.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of Python's strings. Places are counted in code points. */
final class StringMethods {
  /** Methods that Python has and no chat template was seen to use. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "casefold",
          "encode",
          "expandtabs",
          "format_map",
          "isascii",
          "isidentifier",
          "isprintable",
          "maketrans",
          "translate");

  private interface Method {
    Object call(String self, CallArguments arguments, Budget budget);
  }

  private static final Map<String, Method> METHODS =
      Map.ofEntries(
          Map.entry("capitalize", (s, a, b) -> Case.capitalized(s)),
          Map.entry("center", (s, a, b) -> Padding.centered(s, a, b)),
          Map.entry("count", (s, a, b) -> count(s, a)),
          Map.entry("endswith", (s, a, b) -> begins(s, a, false)),
          Map.entry("find", (s, a, b) -> find(s, a, "find", false)),
          Map.entry("format", (s, a, b) -> Format.braces(s, a, b)),
          Map.entry("index", (s, a, b) -> found(find(s, a, "index", false))),
          Map.entry("isalnum", (s, a, b) -> all(s, c -> isLetter(c) || isNumeric(c))),
          Map.entry("isalpha", (s, a, b) -> all(s, StringMethods::isLetter)),
          Map.entry("isdecimal", (s, a, b) -> all(s, Character::isDigit)),
          Map.entry("isdigit", (s, a, b) -> all(s, StringMethods::isDigit)),
          Map.entry("islower", (s, a, b) -> Case.isLower(s)),
          Map.entry("isnumeric", (s, a, b) -> all(s, StringMethods::isNumeric)),
          Map.entry("isspace", (s, a, b) -> all(s, Spaces::isSpace)),
          Map.entry("istitle", (s, a, b) -> Case.isTitle(s)),
          Map.entry("isupper", (s, a, b) -> Case.isUpper(s)),
          Map.entry("join", (s, a, b) -> join(s, a, b)),
          Map.entry("ljust", (s, a, b) -> Padding.left(s, a, b)),
          Map.entry("lower", (s, a, b) -> Case.lower(s)),
          Map.entry("lstrip", (s, a, b) -> strip(s, a, true, false)),
          Map.entry("partition", (s, a, b) -> Splitting.partition(s, a, true)),
          Map.entry("removeprefix", (s, a, b) -> removePrefix(s, a)),
          Map.entry("removesuffix", (s, a, b) -> removeSuffix(s, a)),
          Map.entry("replace", (s, a, b) -> replace(s, a, b)),
          Map.entry("rfind", (s, a, b) -> find(s, a, "rfind", true)),
          Map.entry("rindex", (s, a, b) -> found(find(s, a, "rindex", true))),
          Map.entry("rjust", (s, a, b) -> Padding.right(s, a, b)),
          Map.entry("rpartition", (s, a, b) -> Splitting.partition(s, a, false)),
          Map.entry("rsplit", (s, a, b) -> Splitting.split(s, a, false)),
          Map.entry("rstrip", (s, a, b) -> strip(s, a, false, true)),
          Map.entry("split", (s, a, b) -> Splitting.split(s, a, true)),
          Map.entry("splitlines", (s, a, b) -> Splitting.lines(s, a)),
          Map.entry("startswith", (s, a, b) -> begins(s, a, true)),
          Map.entry("strip", (s, a, b) -> strip(s, a, true, true)),
          Map.entry("swapcase", (s, a, b) -> Case.swapped(s)),
          Map.entry("title", (s, a, b) -> Case.titled(s)),
          Map.entry("upper", (s, a, b) -> Case.upper(s)),
          Map.entry("zfill", (s, a, b) -> Padding.zeros(s, a, b)));

  private static final Set<String> WITHOUT_ARGUMENTS =
      Set.of(
          "capitalize",
          "isalnum",
          "isalpha",
          "isdecimal",
          "isdigit",
          "islower",
          "isnumeric",
          "isspace",
          "istitle",
          "isupper",
          "lower",
          "swapcase",
          "title",
          "upper");

  private StringMethods() {}

  /** The method of a string; null if strings have none of that name. */
  static @Nullable Callable find(String self, String name, Budget budget) {
    Method method = METHODS.get(name);
    if (method == null) {
      if (UNSUPPORTED.contains(name)) {
        throw Attributes.unsupported(self, name);
      }
      return null;
    }
    return arguments -> {
      if (WITHOUT_ARGUMENTS.contains(name)) {
        arguments.bind(name);
      }
      budget.size(self.length());
      return method.call(self, arguments, budget);
    };
  }

  private static boolean all(String text, IntPredicate test) {
    return !text.isEmpty() && text.codePoints().allMatch(test);
  }

  private static boolean isLetter(int c) {
    return Character.isLetter(c);
  }

  private static boolean isNumeric(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  private static boolean isDigit(int c) {
    return Character.isDigit(c)
        || "\u00b2\u00b3\u00b9\u2070".indexOf(c) >= 0
        || (c >= 0x2074 && c <= 0x2079)
        || (c >= 0x2080 && c <= 0x2089);
  }

  static Object strip(String self, CallArguments arguments, boolean start, boolean end) {
    Object given = arguments.bind("strip", "chars?").get(0, None.NONE);
    if (given == None.NONE) {
      String text = start ? Spaces.stripStart(self) : self;
      return end ? Spaces.stripEnd(text) : text;
    }
    String characters = Text.required(given, "strip");
    int from = 0;
    int to = self.length();
    while (start && from < to && characters.indexOf(self.codePointAt(from)) >= 0) {
      from += Character.charCount(self.codePointAt(from));
    }
    while (end && from < to && characters.indexOf(self.codePointBefore(to)) >= 0) {
      to -= Character.charCount(self.codePointBefore(to));
    }
    return self.substring(from, to);
  }

  /** The part of a string that the optional arguments {@code start} and {@code end} name. */
  private record Part(String text, int offset) {
    static Part of(String self, CallArguments.Bound bound) {
      if (!bound.has(1) && !bound.has(2)) {
        return new Part(self, 0);
      }
      int length = self.codePointCount(0, self.length());
      int from = place(bound.get(1, None.NONE), 0, length);
      int to = place(bound.get(2, None.NONE), length, length);
      if (from > to) {
        return new Part("", -1);
      }
      return new Part(
          self.substring(self.offsetByCodePoints(0, from), self.offsetByCodePoints(0, to)), from);
    }

    private static int place(Object given, int otherwise, int length) {
      if (given == None.NONE) {
        return otherwise;
      }
      long place = Numbers.whole(given, "a place in a string");
      return (int) Math.max(0, Math.min(length, place < 0 ? place + length : place));
    }
  }

  private static Object begins(String self, CallArguments arguments, boolean atStart) {
    String name = atStart ? "startswith" : "endswith";
    CallArguments.Bound bound = arguments.bind(name, "affix", "start?", "end?");
    Part part = Part.of(self, bound);
    List<Object> affixes =
        bound.get(0) instanceof Tuple tuple ? tuple.items() : List.of(bound.get(0));
    for (Object affix : affixes) {
      String wanted = Text.required(affix, name);
      boolean found =
          part.offset() >= 0
              && (atStart ? part.text().startsWith(wanted) : part.text().endsWith(wanted));
      if (found) {
        return true;
      }
    }
    return false;
  }

  private static long find(String self, CallArguments arguments, String name, boolean last) {
    CallArguments.Bound bound = arguments.bind(name, "sub", "start?", "end?");
    Part part = Part.of(self, bound);
    String wanted = bound.text(0);
    int at = last ? part.text().lastIndexOf(wanted) : part.text().indexOf(wanted);
    return at < 0 || part.offset() < 0 ? -1 : part.offset() + part.text().codePointCount(0, at);
  }

  private static Object found(long place) {
    if (place < 0) {
      throw new Failure("index: the text is not in the string.");
    }
    return place;
  }

  private static Object count(String self, CallArguments arguments) {
    CallArguments.Bound bound = arguments.bind("count", "sub", "start?", "end?");
    Part part = Part.of(self, bound);
    String wanted = bound.text(0);
    if (part.offset() < 0) {
      return 0L;
    }
    String text = part.text();
    if (wanted.isEmpty()) {
      return text.codePointCount(0, text.length()) + 1L;
    }
    long count = 0;
    for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length())) {
      count++;
    }
    return count;
  }

  private static Object join(String self, CallArguments arguments, Budget budget) {
    StringBuilder text = new StringBuilder();
    boolean isFirst = true;
    for (Object item : Items.list(arguments.bind("join", "items").get(0), budget)) {
      if (!isFirst) {
        text.append(self);
      }
      isFirst = false;
      text.append(Text.required(item, "join"));
      budget.length(text.length());
    }
    budget.size(text.length());
    return text.toString();
  }

  private static Object removePrefix(String self, CallArguments arguments) {
    String prefix = arguments.bind("removeprefix", "prefix").text(0);
    return self.startsWith(prefix) ? self.substring(prefix.length()) : self;
  }

  private static Object removeSuffix(String self, CallArguments arguments) {
    String suffix = arguments.bind("removesuffix", "suffix").text(0);
    return self.endsWith(suffix) ? self.substring(0, self.length() - suffix.length()) : self;
  }

  private static Object replace(String self, CallArguments arguments, Budget budget) {
    CallArguments.Bound bound = arguments.bind("replace", "old", "new", "count?");
    return replaced(self, bound.text(0), bound.text(1), bound.whole(2, -1), budget);
  }

  /** Replaces at most {@code count} places; all if it is negative. */
  static String replaced(String self, String old, String by, long count, Budget budget) {
    List<Integer> places = new ArrayList<>();
    int at = self.indexOf(old);
    while (at >= 0 && (count < 0 || places.size() < count)) {
      places.add(at);
      int step =
          old.isEmpty() && at < self.length()
              ? Character.charCount(self.codePointAt(at))
              : Math.max(old.length(), 1);
      at = at + step > self.length() ? -1 : self.indexOf(old, at + step);
    }
    budget.size(self.length() + (long) places.size() * (by.length() - old.length()));
    StringBuilder text = new StringBuilder();
    int copied = 0;
    for (int place : places) {
      text.append(self, copied, place).append(by);
      copied = place + old.length();
    }
    return text.append(self, copied, self.length()).toString();
  }
}
