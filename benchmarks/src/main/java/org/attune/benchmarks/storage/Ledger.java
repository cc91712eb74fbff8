package org.attune.benchmarks.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What has been acknowledged, and so must be in the store whatever happens to its process. */
final class Ledger {
  private final Map<Submission, Long> revisions = new TreeMap<>();
  private long lowBulk;
  private long highBulk;
  private long acknowledgements;

  Ledger(long lowBulk, long highBulk) {
    this.lowBulk = lowBulk;
    this.highBulk = highBulk;
  }

  static Ledger read(Path file) throws IOException {
    Ledger ledger = new Ledger(0, 0);
    for (String line : Files.readAllLines(file)) {
      ledger.acknowledge(line);
    }
    return ledger;
  }

  void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("INSERTED " + (highBulk - 1));
    lines.add("DELETED " + (lowBulk - 1));
    revisions.forEach(
        (submission, revision) ->
            lines.add("SUBMITTED " + submission.record + " " + submission.user + " " + revision));
    Files.write(file, lines);
  }

  /** Takes a line of {@link UnsafeWork}. */
  void acknowledge(String line) {
    String[] words = line.split(" ", -1);
    switch (words[0]) {
      case "INSERTED" -> highBulk = Long.parseLong(words[1]) + 1;
      case "DELETED" -> lowBulk = Long.parseLong(words[1]) + 1;
      case "SUBMITTED" ->
          revisions.put(
              new Submission(Long.parseLong(words[1]), Long.parseLong(words[2])),
              Long.parseLong(words[3]));
      default -> throw new IllegalArgumentException("No acknowledgement: " + line);
    }
    acknowledgements++;
  }

  /** Goes on from what the store holds: what was in flight at the kill may be there or not. */
  void continueFrom(long presentLow, long presentHigh) {
    lowBulk = presentLow;
    highBulk = presentHigh;
    revisions.keySet().removeIf(it -> FeedbackRecord.bulkOf(it.record) < presentLow);
  }

  /** The first bulk that was not acknowledged as deleted; its deletion may have been in flight. */
  long lowBulk() {
    return lowBulk;
  }

  /** One past the last bulk that was acknowledged; it may have been in flight. */
  long highBulk() {
    return highBulk;
  }

  Map<Submission, Long> revisions() {
    return revisions;
  }

  long acknowledgements() {
    return acknowledgements;
  }

  /** A record answered by a user. */
  record Submission(long record, long user) implements Comparable<Submission> {
    @Override
    public int compareTo(Submission other) {
      int byRecord = Long.compare(record, other.record);
      return byRecord != 0 ? byRecord : Long.compare(user, other.user);
    }
  }
}
