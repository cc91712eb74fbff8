package org.attune.server.search;

import java.util.List;

/** A part of what was found, and how much was found in all. */
public record Hits(List<Hit> hits, long total) {

  public Hits {
    hits = List.copyOf(hits);
  }

  /** A record that was found. */
  public record Hit(String recordId, double score) {}
}
