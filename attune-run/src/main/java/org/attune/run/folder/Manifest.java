package org.attune.run.folder;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run was made of: enough to tell whether another one started from the same.
 *
 * @param codeVersion version of Attune
 * @param model SHA-256 of the start model's files, by name
 * @param data SHA-256 of the data files, by path
 * @param template the text that rows were formatted with; null if none
 * @param seeds seeds by what they were used for
 * @param parents what the run came from: the runs and feedback datasets before it
 */
public record Manifest(
    String codeVersion,
    Map<String, String> model,
    Map<String, String> data,
    @Nullable String template,
    Map<String, Long> seeds,
    List<Parent> parents) {
  /** The role of the model that a run's adapter was trained on. */
  public static final String BASE_OF_ADAPTER = "base model";

  /**
   * Something that a run came from.
   *
   * @param role what it was used as, such as {@code reward model}
   * @param name its path or name
   * @param sha256 fingerprint of its decisive file
   */
  public record Parent(String role, String name, String sha256) {}

  public Manifest {
    model = Collections.unmodifiableMap(new TreeMap<>(model));
    data = Collections.unmodifiableMap(new TreeMap<>(data));
    seeds = Collections.unmodifiableMap(new TreeMap<>(seeds));
    parents = List.copyOf(parents);
  }
}
