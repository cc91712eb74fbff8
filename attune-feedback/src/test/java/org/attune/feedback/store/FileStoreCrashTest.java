package org.attune.feedback.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FileStoreCrashTest {

  @TempDir Path folder;

  private void createWithOneRecord() {
    try (FileStore store = FileStore.create(folder, FileStoreTest.FEEL)) {
      store.dataset().add(FeedbackRecord.builder().id("a").field("content", "text").build());
    }
  }

  @Test
  void no_acknowledged_response_is_lost_when_the_process_is_killed() throws Exception {
    createWithOneRecord();
    SplittableRandom random = new SplittableRandom(42);
    List<String> acknowledged = new ArrayList<>();

    for (int round = 0; round < 12; round++) {
      Process process = StoringProcess.start(List.of(), "respond", folder, "round" + round);
      try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
        int wait = random.nextInt(1, 120);
        for (int line = 0; line < wait; line++) {
          acknowledged.add(userOf(output.readLine()));
        }
        TimeUnit.MICROSECONDS.sleep(random.nextInt(5_000));
        // The handle, since the process itself would close its output unread.
        process.toHandle().destroyForcibly();
        process.waitFor();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
          if (line.matches("stored round\\d+-\\d+")) {
            acknowledged.add(userOf(line));
          }
        }
      }

      FeedbackDataset left = FileStore.read(folder);
      assertThat(left.record("a").orElseThrow().responses())
          .extracting(Response::userId)
          .containsAll(acknowledged);
    }
  }

  private static String userOf(String line) {
    assertThat(line).startsWith("stored ");
    return line.substring("stored ".length());
  }

  @Test
  void a_store_that_another_process_writes_names_that_process() throws Exception {
    createWithOneRecord();
    Process process = StoringProcess.start(List.of(), "respond", folder, "other");
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      userOf(output.readLine());

      assertThatThrownBy(() -> FileStore.open(folder))
          .isInstanceOf(FeedbackStoreException.class)
          .hasMessageContaining("is already open for writing by process " + process.pid() + ".");
      assertThat(FileStore.read(folder).size()).isOne();
    } finally {
      process.destroyForcibly().waitFor();
    }
    FileStore.open(folder).close();
  }

  @Test
  void a_write_that_fails_part_way_is_reported_taken_back_and_the_store_goes_on()
      throws IOException, InterruptedException {
    createWithOneRecord();

    // A limit on the size of files stands in for a full disk: 64 blocks of 512 or 1024 bytes.
    Process process =
        StoringProcess.start(
            List.of("sh", "-c", "ulimit -f 64 && exec \"$@\"", "sh"), "fill", folder, "1");
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();

    assertThat(output)
        .contains("records.jsonl: 1 changes (")
        .contains("were not stored: File too large. Nothing of them was kept; free disk space")
        .contains("stored small");
    int size = Integer.parseInt(output.replaceAll("(?s).*size (\\d+).*", "$1"));
    FeedbackDataset left = FileStore.read(folder);
    assertThat(left.size()).isEqualTo(size).isBetween(2, 10);
    assertThat(left.record("a").orElseThrow().responses())
        .extracting(Response::userId)
        .containsExactly("small");
  }
}
