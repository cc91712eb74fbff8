package org.attune.train.sft;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.attune.data.Dataset;
import org.attune.testkit.Bundled;

/** Rows of the bundled short stories. */
final class Stories {
  private Stories() {}

  /** The first {@code count} stories in a column {@code text}. */
  static Dataset rows(int count) {
    return Dataset.fromRows(texts(count).stream().map(text -> Map.of("text", text)).toList());
  }

  static List<String> texts(int count) {
    try (GZIPInputStream file =
        new GZIPInputStream(
            Files.newInputStream(Bundled.path("tinystories-sample/tinystories_sample.txt.gz")))) {
      String all = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(all.split("<\\|endoftext\\|>"))
          .map(String::strip)
          .filter(text -> !text.isEmpty())
          .limit(count)
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
