package org.attune.train.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.attune.data.hub.HubLocation;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.run.DataConfig;
import org.attune.run.RunConfig;
import org.attune.run.folder.Hashes;
import org.attune.run.folder.Manifest;

/** What a run is made of, as its configuration names it. */
final class Provenance {
  private Provenance() {}

  static Manifest of(RunConfig run) {
    try {
      return new Manifest(
          CodeVersion.current(),
          filesOf(HubLocation.current().model(run.model())),
          hashes(run.data()),
          run.data().formatTemplate(),
          Map.of("training", run.training().seed()),
          List.of());
    } catch (IOException e) {
      throw new CheckpointException(
          "The files of %s cannot be read (%s). Check that you may read them."
              .formatted(run.model(), e),
          e);
    }
  }

  /** A checkpoint's own folder {@code trainer} is no part of the model. */
  private static Map<String, String> filesOf(Path model) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    if (Files.isDirectory(model)) {
      try (Stream<Path> files = Files.list(model)) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          hashes.put(String.valueOf(file.getFileName()), Hashes.sha256(file));
        }
      }
    }
    return hashes;
  }

  /** Files that are missing are left out: reading them says so in better words. */
  private static Map<String, String> hashes(DataConfig data) throws IOException {
    HubLocation location = HubLocation.current();
    Map<String, String> hashes = new TreeMap<>();
    for (Path named : data.train()) {
      hash(named, location.trainingRows(named.toString()), hashes);
    }
    for (Path named : data.eval()) {
      hash(named, location.evaluationRows(named.toString()), hashes);
    }
    return hashes;
  }

  /** Files of a repository go under its name, because their place in the cache says nothing. */
  private static void hash(Path named, List<Path> files, Map<String, String> hashes)
      throws IOException {
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        String name = file.equals(named) ? named.toString() : named + "/" + file.getFileName();
        hashes.put(name, Hashes.sha256(file));
      }
    }
  }
}
