package org.attune.model.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The variables of one block of a template, and what each holds when the block is entered. Jinja
 * decides this from the text alone: a block that assigns a variable has its own copy from its
 * beginning.
 */
final class Scope {
  /** What a variable holds when its block is entered. */
  enum Start {
    /** What the caller gives. */
    PARAMETER,
    /** What the template was given under this name. */
    GIVEN,
    /** What the enclosing block's variable of this name holds then. */
    OUTER,
    /** Nothing. */
    NOTHING
  }

  private final Map<String, Start> starts = new LinkedHashMap<>();
  private final Set<String> stored = new HashSet<>();
  private @Nullable Scope parent;
  private Map<String, Integer> slots = Map.of();
  private List<Map.Entry<String, Start>> entries = List.of();

  void parent(Scope enclosing) {
    parent = enclosing;
  }

  private boolean isKnown(String name) {
    return starts.containsKey(name) || (parent != null && parent.isKnown(name));
  }

  private boolean isKnownOutside(String name) {
    return parent != null && parent.isKnown(name);
  }

  void declare(String name) {
    stored.add(name);
    starts.put(name, Start.PARAMETER);
  }

  void load(String name) {
    if (!isKnown(name)) {
      starts.put(name, Start.GIVEN);
    }
  }

  void store(String name) {
    stored.add(name);
    starts.putIfAbsent(name, isKnownOutside(name) ? Start.OUTER : Start.NOTHING);
  }

  /** A copy for one branch of a condition; see {@link #merge}. */
  Scope branch() {
    Scope branch = new Scope();
    branch.parent = parent;
    branch.starts.putAll(starts);
    branch.stored.addAll(stored);
    return branch;
  }

  /** A variable that only some branches assign keeps what it held before the condition. */
  void merge(List<Scope> branches) {
    Set<String> added = new HashSet<>();
    branches.forEach(branch -> added.addAll(branch.stored));
    added.removeAll(stored);
    for (Scope branch : branches) {
      starts.putAll(branch.starts);
      stored.addAll(branch.stored);
    }
    for (String name : added) {
      starts.put(name, isKnownOutside(name) ? Start.OUTER : Start.GIVEN);
    }
  }

  /** Gives each variable its place; nothing may be added from now on. */
  void freeze() {
    Map<String, Integer> places = new HashMap<>();
    starts.keySet().forEach(name -> places.put(name, places.size()));
    slots = places;
    entries = new ArrayList<>(starts.entrySet());
  }

  /** The place of a variable; -1 if it is none of this block's. */
  int slot(String name) {
    return slots.getOrDefault(name, -1);
  }

  List<Map.Entry<String, Start>> variables() {
    return entries;
  }
}
