package org.attune.model.checkpoint;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names in an error message: all of a few, the first ones of many. */
public final class NameList {
  private static final int SHOWN = 10;

  private NameList() {}

  public static String of(Collection<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    String shown = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
    int others = names.size() - SHOWN;
    return others > 0 ? shown + " and %d more".formatted(others) : shown;
  }
}
