package org.attune.run.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EventLogTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("events.jsonl");
  }

  private void append(Event... events) {
    try (EventLog log = EventLog.open(file, NOON)) {
      Arrays.stream(events).forEach(log::append);
    }
  }

  private static Event.Metrics loss(int step, double loss) {
    return new Event.Metrics(step, Map.of("loss", loss));
  }

  @Test
  void every_event_is_one_line_that_stands_alone() throws IOException {
    append(
        new Event.Status(Event.State.STARTED, "2 replicas, bf16"),
        new Event.Metrics(10, Map.of("loss", 1.5, "grad_norm", Double.NaN)),
        new Event.Sample(10, "Es war", " einmal\n\"😀\u2028", null),
        new Event.Checkpoint(10, "checkpoints/step-10"),
        new Event.Problem("disk full"));

    assertThat(Files.readAllLines(file))
        .containsExactly(
            "{\"sequence\":1,\"time\":\"2026-11-22T12:00:00Z\",\"event\":\"status\",\"state\":\"STARTED\",\"message\":\"2 replicas, bf16\"}",
            "{\"sequence\":2,\"time\":\"2026-11-22T12:00:00Z\",\"event\":\"metrics\",\"step\":10,\"values\":{\"grad_norm\":\"NaN\",\"loss\":1.5}}",
            "{\"sequence\":3,\"time\":\"2026-11-22T12:00:00Z\",\"event\":\"sample\",\"step\":10,\"prompt\":\"Es war\",\"completion\":\" einmal\\n\\\"😀\u2028\"}",
            "{\"sequence\":4,\"time\":\"2026-11-22T12:00:00Z\",\"event\":\"checkpoint\",\"step\":10,\"path\":\"checkpoints/step-10\"}",
            "{\"sequence\":5,\"time\":\"2026-11-22T12:00:00Z\",\"event\":\"problem\",\"message\":\"disk full\"}");
  }

  @Test
  void events_are_read_back_equal() {
    Event[] events = {
      new Event.Status(Event.State.RESUMED, ""),
      new Event.Metrics(1, Map.of("a", Double.NaN, "b", Double.NEGATIVE_INFINITY, "c", 1e-300)),
      new Event.Sample(1, "", "日本語 \u0000 👩‍👩‍👧", -0.25),
      new Event.Checkpoint(1, "checkpoints/step-1"),
      new Event.Problem("<b>&")
    };

    append(events);

    assertThat(EventLog.read(file)).extracting(LoggedEvent::event).containsExactly(events);
  }

  @Test
  void the_sequence_goes_on_after_reopening() {
    append(loss(1, 3));
    append(loss(2, 2), loss(3, 1));

    assertThat(EventLog.read(file)).extracting(LoggedEvent::sequence).containsExactly(1L, 2L, 3L);
  }

  @Test
  void a_missing_file_has_no_events() {
    assertThat(EventLog.read(file)).isEmpty();
  }

  @Test
  void a_last_line_torn_at_any_byte_is_ignored_and_cut_off_on_reopening() throws IOException {
    append(loss(1, 3), new Event.Sample(2, "日本", "😀", 1.0));
    byte[] whole = Files.readAllBytes(file);
    int firstLine = Files.readString(file).indexOf('\n') + 1;
    for (int length = firstLine; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));

      assertThat(EventLog.read(file)).hasSize(1);
      append(loss(2, 2));
      assertThat(EventLog.read(file))
          .extracting(LoggedEvent::event)
          .containsExactly(loss(1, 3), loss(2, 2));
    }
  }

  @Test
  void a_broken_line_in_the_middle_is_named() throws IOException {
    append(loss(1, 3));
    Files.writeString(file, "not json\n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> EventLog.read(file))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining(file + " line 2 is not an event: not json.")
        .hasMessageContaining("remove that line");
  }

  @Test
  void metrics_of_a_step_that_was_trained_again_replace_the_earlier_ones() {
    append(loss(1, 3), loss(2, 9), new Event.Status(Event.State.RESUMED, "step 1"), loss(2, 2));

    assertThat(EventLog.metrics(EventLog.read(file)))
        .isEqualTo(Map.of(1, Map.of("loss", 3.0), 2, Map.of("loss", 2.0)));
  }

  @Test
  void metrics_of_one_step_are_joined() {
    append(loss(1, 3), new Event.Metrics(1, Map.of("eval_loss", 4.0)));

    assertThat(EventLog.metrics(EventLog.read(file)))
        .isEqualTo(Map.of(1, Map.of("loss", 3.0, "eval_loss", 4.0)));
  }

  @Test
  void a_second_writer_is_turned_away_and_harms_nothing() {
    try (EventLog log = EventLog.open(file, NOON)) {
      log.append(loss(1, 3));

      assertThatThrownBy(() -> EventLog.open(file, NOON))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("is being written by a running training. Wait for its end");
      log.append(loss(2, 2));
    }
    assertThat(EventLog.read(file)).hasSize(2);
  }

  @Test
  void another_process_is_turned_away_even_after_the_log_was_read() throws Exception {
    try (EventLog log = EventLog.open(file, NOON)) {
      log.append(loss(1, 3));
      assertThat(EventLog.read(file)).hasSize(1);

      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  OtherProcess.class.getName(),
                  file.toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(output).contains("is being written by a running training");
      assertThat(other.waitFor()).isEqualTo(1);
    }
  }

  /** Opens the log that its argument names. */
  static final class OtherProcess {
    public static void main(String[] args) {
      EventLog.open(Path.of(args[0]), NOON).close();
    }
  }

  @Test
  void events_of_many_threads_keep_one_sequence() throws InterruptedException {
    try (EventLog log = EventLog.open(file, NOON)) {
      List<Thread> threads =
          List.of(new Thread(() -> appendHundred(log)), new Thread(() -> appendHundred(log)));
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
    }

    List<LoggedEvent> events = EventLog.read(file);
    assertThat(events).hasSize(200);
    assertThat(events.get(199).sequence()).isEqualTo(200);
  }

  private static void appendHundred(EventLog log) {
    for (int step = 0; step < 100; step++) {
      log.append(loss(step, 1));
    }
  }
}
