package org.attune.server.page;

import java.util.List;

/**
 * What one page shows of a long list.
 *
 * @param page counted from 1
 * @param pages how many there are, at least 1
 */
public record Part<T>(List<T> items, int page, int pages) {

  private static final int SIZE = 50;

  public Part {
    items = List.copyOf(items);
  }

  /** A part of a list; a page beyond its end is the last one. */
  public static <T> Part<T> of(List<T> all, int page) {
    int pages = Math.max(1, (all.size() + SIZE - 1) / SIZE);
    int shown = Math.max(1, Math.min(page, pages));
    int from = (shown - 1) * SIZE;
    return new Part<>(all.subList(from, Math.min(all.size(), from + SIZE)), shown, pages);
  }
}
