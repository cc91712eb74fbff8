package org.attune.model.adapter;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The adapters of one model, of which at most one is active. A replica computes with the adapter
 * that was active when it was made.
 */
public final class Adapters implements AutoCloseable {
  /** The name of an adapter that nobody named, as in PEFT. */
  public static final String DEFAULT = "default";

  private final AdaptedModel model;
  private final Map<String, Adapter> byName = new LinkedHashMap<>();
  private @Nullable String active;

  public Adapters(AdaptedModel model) {
    this.model = model;
  }

  /** Makes a new adapter and activates it. */
  public Adapter add(String name, LoraConfig config, long seed) {
    requireNew(name);
    return activated(name, Adapter.fresh(config, model, seed));
  }

  /** Loads an adapter and activates it. */
  public Adapter load(String name, Path directory) {
    requireNew(name);
    return activated(name, Adapter.load(directory, model));
  }

  private void requireNew(String name) {
    if (byName.containsKey(name)) {
      throw new IllegalArgumentException(
          "%s has an adapter named %s already. Remove it, or choose another name."
              .formatted(model.name(), name));
    }
  }

  private Adapter activated(String name, Adapter adapter) {
    byName.put(name, adapter);
    active = name;
    return adapter;
  }

  public Set<String> names() {
    return Set.copyOf(byName.keySet());
  }

  /** The adapter that replicas made now compute with. */
  public Optional<Adapter> active() {
    return Optional.ofNullable(active).map(byName::get);
  }

  /** Lets replicas made from now on compute with an adapter. */
  public void activate(String name) {
    adapter(name);
    active = name;
  }

  /** Lets replicas made from now on compute with the model as it is. */
  public void deactivate() {
    active = null;
  }

  /** Forgets an adapter. Close the replicas that compute with it first. */
  public void remove(String name) {
    adapter(name).close();
    byName.remove(name);
    if (name.equals(active)) {
      active = null;
    }
  }

  /** Merges the active adapter into the model for good; without one, changes nothing. */
  public void mergeActive() {
    String name = active;
    if (name != null) {
      adapter(name).merge().keep();
      remove(name);
    }
  }

  private Adapter adapter(String name) {
    Adapter adapter = byName.get(name);
    if (adapter == null) {
      throw new IllegalArgumentException(
          "%s has no adapter named %s; it has %s.".formatted(model.name(), name, byName.keySet()));
    }
    return adapter;
  }

  @Override
  public void close() {
    byName.values().forEach(Adapter::close);
    byName.clear();
    active = null;
  }
}
