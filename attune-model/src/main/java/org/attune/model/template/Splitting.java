package org.attune.model.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Strings cut into parts. */
final class Splitting {
  private Splitting() {}

  static Object split(String self, CallArguments arguments, boolean fromStart) {
    CallArguments.Bound bound = arguments.bind(fromStart ? "split" : "rsplit", "sep?", "maxsplit?");
    long max = bound.whole(1, -1);
    long cuts = max < 0 ? Long.MAX_VALUE : max;
    Object separator = bound.get(0, None.NONE);
    if (separator == None.NONE) {
      return fromStart ? atSpaces(self, cuts) : atSpacesFromEnd(self, cuts);
    }
    String mark = Text.required(separator, "split");
    if (mark.isEmpty()) {
      throw new Failure("split needs a separator that is not empty.");
    }
    return fromStart ? at(self, mark, cuts) : atFromEnd(self, mark, cuts);
  }

  private static List<Object> at(String self, String mark, long cuts) {
    List<Object> parts = new ArrayList<>();
    int from = 0;
    for (int end = self.indexOf(mark); end >= 0 && parts.size() < cuts; ) {
      parts.add(self.substring(from, end));
      from = end + mark.length();
      end = self.indexOf(mark, from);
    }
    parts.add(self.substring(from));
    return parts;
  }

  private static List<Object> atFromEnd(String self, String mark, long cuts) {
    List<Object> parts = new ArrayList<>();
    int to = self.length();
    while (parts.size() < cuts) {
      int begin = to < mark.length() ? -1 : self.lastIndexOf(mark, to - mark.length());
      if (begin < 0) {
        break;
      }
      parts.add(self.substring(begin + mark.length(), to));
      to = begin;
    }
    parts.add(self.substring(0, to));
    Collections.reverse(parts);
    return parts;
  }

  private static List<Object> atSpaces(String self, long cuts) {
    List<Object> parts = new ArrayList<>();
    int at = Spaces.skip(self, 0);
    while (at < self.length()) {
      if (parts.size() >= cuts) {
        parts.add(self.substring(at));
        break;
      }
      int end = at;
      while (end < self.length() && !Spaces.isSpace(self.charAt(end))) {
        end++;
      }
      parts.add(self.substring(at, end));
      at = Spaces.skip(self, end);
    }
    return parts;
  }

  private static List<Object> atSpacesFromEnd(String self, long cuts) {
    List<Object> parts = new ArrayList<>();
    String rest = Spaces.stripEnd(self);
    while (!rest.isEmpty()) {
      if (parts.size() >= cuts) {
        parts.add(rest);
        break;
      }
      int begin = rest.length();
      while (begin > 0 && !Spaces.isSpace(rest.charAt(begin - 1))) {
        begin--;
      }
      parts.add(rest.substring(begin));
      rest = Spaces.stripEnd(rest.substring(0, begin));
    }
    Collections.reverse(parts);
    return parts;
  }

  static Object partition(String self, CallArguments arguments, boolean first) {
    String mark = arguments.bind("partition", "sep").text(0);
    if (mark.isEmpty()) {
      throw new Failure("partition needs a separator that is not empty.");
    }
    int at = first ? self.indexOf(mark) : self.lastIndexOf(mark);
    if (at < 0) {
      return first ? Tuple.of(self, "", "") : Tuple.of("", "", self);
    }
    return Tuple.of(self.substring(0, at), mark, self.substring(at + mark.length()));
  }

  static Object lines(String self, CallArguments arguments) {
    boolean keepsEnds = arguments.bind("splitlines", "keepends?").flag(0, false);
    List<Object> lines = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < self.length(); at++) {
      char c = self.charAt(at);
      if (endsLine(c)) {
        int next = c == '\r' && self.startsWith("\n", at + 1) ? at + 2 : at + 1;
        lines.add(self.substring(from, keepsEnds ? next : at));
        from = next;
        at = next - 1;
      }
    }
    if (from < self.length()) {
      lines.add(self.substring(from));
    }
    return lines;
  }

  private static boolean endsLine(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }
}
