package org.attune.server.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The reviewed table {@code access.txt}: which status each kind of sender gets from each route. */
final class AccessTable {

  private static final Pattern ROW = Pattern.compile("([A-Z]+ /\\S*)((?:\\s+\\d{3})+)");
  private static final Pattern EXAMPLE = Pattern.compile("\\s+(/\\S*)\\s*(.*)");

  private AccessTable() {}

  /**
   * A row.
   *
   * @param route the method and the path as it is registered
   * @param statuses one for each {@link Sender}
   * @param path the path to ask for, with names of things in braces
   * @param body JSON, a form, {@code file NAME CONTENT}, or empty for none
   */
  record Row(String route, List<Integer> statuses, String path, String body) {

    String method() {
      return route.substring(0, route.indexOf(' '));
    }

    /** The row with other statuses, as it would stand in the table. */
    String with(List<Integer> others) {
      String asked = path.equals(route.substring(route.indexOf(' ') + 1)) ? "" : "\n    " + path;
      return "%-70s %s%s"
          .formatted(
              route,
              String.join(" ", others.stream().map(String::valueOf).toList()),
              body.isEmpty() ? asked : "\n    " + path + " " + body);
    }
  }

  static List<Row> read() throws IOException {
    List<Row> rows = new ArrayList<>();
    try (InputStream file =
        Objects.requireNonNull(AccessTable.class.getResourceAsStream("access.txt"))) {
      new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> add(rows, line));
    }
    return rows;
  }

  private static void add(List<Row> rows, String line) {
    Matcher row = ROW.matcher(line);
    Matcher example = EXAMPLE.matcher(line);
    if (row.matches()) {
      String route = row.group(1);
      List<Integer> statuses =
          Stream.of(row.group(2).strip().split("\\s+")).map(Integer::valueOf).toList();
      if (statuses.size() != Sender.values().length) {
        throw new AssertionError("access.txt: not one status for each sender: " + line);
      }
      rows.add(new Row(route, statuses, route.substring(route.indexOf(' ') + 1), ""));
    } else if (example.matches() && !rows.isEmpty()) {
      Row last = rows.remove(rows.size() - 1);
      rows.add(new Row(last.route(), last.statuses(), example.group(1), example.group(2)));
    } else {
      throw new AssertionError("access.txt: neither a row nor what to ask for: " + line);
    }
  }
}
