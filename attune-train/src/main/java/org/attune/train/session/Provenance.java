package org.attune.train.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.attune.model.checkpoint.CheckpointException;
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
          filesOf(Path.of(run.model())),
          hashes(Stream.concat(run.data().train().stream(), run.data().eval().stream()).toList()),
          run.data().formatTemplate(),
          Map.of("training", run.training().seed()),
          bases(run));
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

  /** An adapter is nothing without its base. */
  private static List<Manifest.Parent> bases(RunConfig run) throws IOException {
    if (run.lora().r() == null) {
      return List.of();
    }
    Path weights = Path.of(run.model()).resolve("model.safetensors");
    String hash = Files.isRegularFile(weights) ? Hashes.sha256(weights) : "";
    return List.of(new Manifest.Parent(Manifest.BASE_OF_ADAPTER, run.model(), hash));
  }

  /** Files that are missing are left out: reading them says so in better words. */
  private static Map<String, String> hashes(List<Path> files) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    for (Path file : files) {
      if (Files.isRegularFile(file)) {
        hashes.put(file.toString(), Hashes.sha256(file));
      }
    }
    return hashes;
  }
}
