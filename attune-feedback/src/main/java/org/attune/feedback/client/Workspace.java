package org.attune.feedback.client;

import java.util.Map;

/** A group of people and the datasets that they work on. */
public record Workspace(String id, String name) {

  static Workspace of(Object plain) {
    Map<?, ?> map = plain instanceof Map<?, ?> given ? given : Map.of();
    return new Workspace(String.valueOf(map.get("id")), String.valueOf(map.get("name")));
  }
}
