package org.attune.data.hub;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where what a user names is: a folder or file of this machine, or a repository of a hub, which is
 * then downloaded.
 *
 * <p>What is here stays here: a name that exists as a path is that path, and so is one whose first
 * folder exists. Only {@code hf:…}, or {@code org/name} where there is no folder {@code org}, asks
 * the hub.
 *
 * <p>The same name gets the same answer from one {@code HubLocation}, also where a branch of the
 * hub moves meanwhile.
 */
public final class HubLocation {
  private static final Set<String> ROWS =
      Set.of("jsonl", "ndjson", "json", "csv", "tsv", "parquet", "txt", "gz");

  private final Hub hub;
  private final Map<String, Path> models = new HashMap<>();
  private final Map<WantedRows, List<Path>> rows = new HashMap<>();

  private record WantedRows(String name, boolean evaluation) {}

  private HubLocation(Hub hub) {
    this.hub = hub;
  }

  /** With the hub of this process's environment. */
  public static HubLocation current() {
    return new HubLocation(Hub.current());
  }

  public static HubLocation of(Hub hub) {
    return new HubLocation(hub);
  }

  /**
   * The folder, or the file, of a model or tokenizer.
   *
   * @throws HubException if it is in a repository that cannot be had
   */
  public synchronized Path model(String name) {
    Path known = models.get(name);
    if (known == null) {
      known = foundModel(name);
      models.put(name, known);
    }
    return known;
  }

  private Path foundModel(String name) {
    if (!isOfHub(name)) {
      return Path.of(name);
    }
    HubReference reference = HubReference.parse(name, RepositoryType.MODEL);
    return explained(
        name,
        () ->
            reference.file().isPresent()
                ? hub.file(reference)
                : hub.snapshot(reference, files -> WantedFiles.ofModel(files, reference)));
  }

  /** The files of training rows. */
  public List<Path> trainingRows(String name) {
    return rows(name, false);
  }

  /** The files of rows for evaluation. */
  public List<Path> evaluationRows(String name) {
    return rows(name, true);
  }

  private synchronized List<Path> rows(String name, boolean evaluation) {
    WantedRows wanted = new WantedRows(name, evaluation);
    List<Path> known = rows.get(wanted);
    if (known == null) {
      known = foundRows(name, evaluation);
      rows.put(wanted, known);
    }
    return known;
  }

  private List<Path> foundRows(String name, boolean evaluation) {
    if (!isOfHub(name) || (!HubReference.isExplicit(name) && isFileOfRows(name))) {
      return List.of(Path.of(name));
    }
    HubReference reference = HubReference.parse(name, RepositoryType.DATASET);
    if (reference.file().isPresent()) {
      return List.of(explained(name, () -> hub.file(reference)));
    }
    Path folder =
        explained(
            name,
            () ->
                hub.snapshot(
                    reference, files -> WantedFiles.ofDataset(files, reference, evaluation)));
    return WantedFiles.ofDataset(HubSnapshot.files(folder), reference, evaluation).stream()
        .map(file -> folder.resolve(file.path()))
        .toList();
  }

  private static boolean isFileOfRows(String name) {
    return ROWS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  /** Whether a name asks the hub. */
  public static boolean isOfHub(String name) {
    if (HubReference.isExplicit(name)) {
      return true;
    }
    if (!HubReference.looksLikeId(name)) {
      return false;
    }
    Path path = Path.of(name);
    Path folder = path.getParent();
    return !Files.exists(path) && (folder == null || !Files.isDirectory(folder));
  }

  /** What to say of a path that does not exist, where a repository could have been meant. */
  public static String hint(Path path) {
    String name = path.toString();
    return HubReference.looksLikeId(name) && !HubReference.isExplicit(name)
        ? " If the repository of that name at the hub is meant, write hf:%s.".formatted(name)
        : "";
  }

  private interface Question<T> {
    T answer();
  }

  /** A name that was thought to be a path deserves to hear why the hub was asked. */
  private static <T> T explained(String name, Question<T> question) {
    try {
      return question.answer();
    } catch (HubException e) {
      if (HubReference.isExplicit(name)) {
        throw e;
      }
      throw new HubException(
          e.reason(),
          "%s is no path here, so it is taken for a repository. %s".formatted(name, e.getMessage()),
          e);
    }
  }
}
