package org.attune.benchmarks.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Kills the writing process at random moments, opening included, and inspects the store each time.
 */
final class Kills {
  private static final long SEED = 1;
  private static final int SHORTEST_MILLIS = 400;
  private static final int LONGEST_MILLIS = 5_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Candidate candidate;
  private final Path folder;
  private final Ledger ledger;
  private final SplittableRandom random = new SplittableRandom(SEED);

  Kills(Candidate candidate, Path folder, long lowBulk, long highBulk) {
    this.candidate = candidate;
    this.folder = folder;
    ledger = new Ledger(lowBulk, highBulk);
  }

  /** What a kill left; with problems, something was lost or broken. */
  record Round(int afterMillis, long acknowledgements, Inspection.Finding finding) {}

  List<Round> run(int times) throws IOException, InterruptedException {
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      int millis = random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS);
      long before = ledger.acknowledgements();
      killAfter(millis, i);
      Path file = folder.resolve("acknowledged.txt");
      ledger.write(file);
      String result = ChildProcess.result("inspect", candidate, folder, file);
      Inspection.Finding finding = JSON.readValue(result, Inspection.Finding.class);
      Round round = new Round(millis, ledger.acknowledgements() - before, finding);
      System.out.println(candidate.label() + " kill " + (i + 1) + ": " + round);
      rounds.add(round);
      ledger.continueFrom(finding.lowBulk(), finding.highBulk());
    }
    return rounds;
  }

  private void killAfter(int millis, int round) throws IOException, InterruptedException {
    Process process = ChildProcess.start("write", candidate, folder, round);
    Thread killer =
        new Thread(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(millis);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              // by its handle: the process's own method closes the pipe with what was not read yet
              process.toHandle().destroyForcibly();
            });
    killer.start();
    try (BufferedReader output = process.inputReader()) {
      StringBuilder line = new StringBuilder();
      for (int c = output.read(); c >= 0; c = output.read()) {
        if (c != '\n') {
          line.append((char) c);
          continue;
        }
        if (!line.toString().equals("OPEN")) {
          ledger.acknowledge(line.toString());
        }
        line.setLength(0);
      }
    }
    killer.join();
    process.waitFor();
  }
}
