package org.attune.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.attune.data.Dataset;
import org.attune.train.sft.SftTrainer;

/** Measures one supervised fine-tuning and prints a line {@code RESULT {…}}. */
public final class SftThroughput {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SftThroughput() {}

  /**
   * Runs the measurement.
   *
   * @param arguments a file with {@link SftWork}, and the milliseconds since 1970 at which this
   *     process was asked for; Linux itself remembers a process's start only to the second
   */
  public static void main(String... arguments) throws IOException {
    if (arguments.length != 2) {
      throw new IllegalArgumentException("Usage: SftThroughput WORK.json STARTED_MILLIS");
    }
    SftWork work = JSON.readValue(Path.of(arguments[0]).toFile(), SftWork.class);
    StepClock clock = new StepClock(work, Instant.ofEpochMilli(Long.parseLong(arguments[1])));
    SftTrainer.of(work.config()).on(Dataset.read(work.rows())).progress(clock).train();
    System.out.println("RESULT " + JSON.writeValueAsString(clock.measured()));
  }
}
