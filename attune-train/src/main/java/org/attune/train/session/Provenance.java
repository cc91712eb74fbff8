package org.attune.train.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.attune.run.folder.Manifest.Parent;

/** What a run is made of, as its configuration names it. */
final class Provenance {
  private Provenance() {}

  static Manifest of(RunConfig run, HubLocation location) {
    try {
      Map<String, String> model = filesOf(location.model(run.model()));
      Map<String, String> data = hashes(run.data(), location);
      List<Parent> parents = new ArrayList<>();
      data.forEach((file, hash) -> parents.add(new Parent("data", file, hash)));
      String role = run.lora().r() == null ? "start model" : Manifest.BASE_OF_ADAPTER;
      parents.add(new Parent(role, run.model(), fingerprint(model)));
      for (Map.Entry<String, String> other : new TreeMap<>(run.otherModels()).entrySet()) {
        Map<String, String> files = filesOf(location.model(other.getValue()));
        parents.add(new Parent(other.getKey(), other.getValue(), fingerprint(files)));
      }
      return new Manifest(
          CodeVersion.current(),
          model,
          data,
          run.data().formatTemplate(),
          Map.of("training", run.training().seed()),
          parents);
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

  /** The hash of a model's weights, or of their index. */
  private static String fingerprint(Map<String, String> files) {
    return Stream.of("model.safetensors", "model.safetensors.index.json")
        .map(name -> files.getOrDefault(name, ""))
        .filter(hash -> !hash.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** Files that are missing are left out: reading them says so in better words. */
  private static Map<String, String> hashes(DataConfig data, HubLocation location)
      throws IOException {
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
