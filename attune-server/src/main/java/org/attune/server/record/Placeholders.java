package org.attune.server.record;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Questions about many ids at once, in portions that a database takes. */
public final class Placeholders {

  private static final int MOST = 500;

  private Placeholders() {}

  /** {@code ?, ?, ?} for so many values. */
  public static String of(int count) {
    return String.join(", ", Collections.nCopies(count, "?"));
  }

  /** Asks for portions of the values, and joins the answers. */
  public static <T, R> List<R> inPortions(
      Collection<T> values, Function<List<T>, List<R>> question) {
    List<T> all = List.copyOf(values);
    List<R> answers = new ArrayList<>();
    for (int from = 0; from < all.size(); from += MOST) {
      answers.addAll(question.apply(all.subList(from, Math.min(all.size(), from + MOST))));
    }
    return answers;
  }
}
