package org.attune.benchmarks.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the candidates for the embedded database through the same work and prints what each did.
 *
 * <p>{@code StorageTrial [--quick] [--candidate NAME]... [--kills N] [--folder DIR] [--json FILE]}
 */
public final class StorageTrial {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TrialSettings settings;
  private final Path folder;

  private StorageTrial(TrialSettings settings) throws IOException {
    this.settings = settings;
    folder = Files.createDirectories(settings.folder());
  }

  public static void main(String... arguments) throws IOException, InterruptedException {
    TrialSettings settings = TrialSettings.parse(arguments);
    StorageTrial trial = new StorageTrial(settings);
    ObjectNode results = JSON.createObjectNode();
    boolean lost = false;
    for (Candidate candidate : settings.candidates()) {
      ObjectNode result = trial.run(candidate);
      results.set(candidate.label(), result);
      lost |= result.get("rounds_with_problems").asInt() > 0;
      Files.writeString(
          settings.json(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(results));
    }
    System.out.println("All figures: " + settings.json());
    System.exit(lost ? 1 : 0);
  }

  private ObjectNode run(Candidate candidate) throws IOException, InterruptedException {
    ObjectNode result = JSON.createObjectNode();
    Path large = fresh(candidate.label());
    long smallBulks = settings.smallBulks();
    long bulks = settings.bulks();
    result.set("ingest_small", phase("ingest", candidate, large, 0, smallBulks));
    Path small = fresh(candidate.label() + "-small");
    copy(large, small);
    result.set("growth", phase("growth", candidate, small, smallBulks * FeedbackRecord.BULK));
    result.set("ingest", phase("ingest", candidate, large, smallBulks, bulks));
    result.put("bytes", Candidate.bytes(large));
    Path contended = fresh(candidate.label() + "-contended");
    copy(large, contended);
    result.set(
        "contention",
        phase(
            "contention",
            candidate,
            contended,
            bulks * FeedbackRecord.BULK,
            settings.contentionSeconds()));
    List<Kills.Round> rounds = new Kills(candidate, large, 0, bulks).run(settings.kills());
    result.set("kills", JSON.valueToTree(rounds));
    result.put("rounds_with_problems", problematic(rounds));
    return result;
  }

  private static long problematic(List<Kills.Round> rounds) {
    return rounds.stream().filter(round -> !round.finding().problems().isEmpty()).count();
  }

  private ObjectNode phase(String phase, Candidate candidate, Path store, Object... values)
      throws IOException, InterruptedException {
    String result = ChildProcess.result(phase, candidate, store, values);
    System.out.println(candidate.label() + " " + phase + ": " + result);
    return (ObjectNode) JSON.readTree(result);
  }

  private Path fresh(String name) throws IOException {
    Path store = folder.resolve(name);
    for (Path file : files(store)) {
      Files.delete(file);
    }
    return Files.createDirectories(store);
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (var stream = Files.newDirectoryStream(folder)) {
        stream.forEach(files::add);
      }
    }
    return files;
  }
}
