package org.attune.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.attune.cli.quickstart.RatedSentences.Rated;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.store.FileStore;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RatedSentencesTest {
  @TempDir private Path folder;

  private void write(String name, String text) throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(
            Files.newOutputStream(folder.resolve("movieReviewSnippets_" + name + ".txt.gz")))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void every_rating_becomes_a_response() throws IOException {
    write("GroundTruth", "7\t1.5\tA café, “lovely”.\n");
    write("anonDataRatings", "7\t1.5\t2.5\t[4, -1]\n");

    RatedSentences sentences = RatedSentences.store(folder, folder.resolve("store"));

    // (9 + 4) / 2
    assertThat(sentences.sentences()).containsExactly(new Rated("A café, “lovely”.", 6.5));
    assertThat(sentences.ratings()).isEqualTo(2);
    FeedbackDataset stored = FileStore.read(folder.resolve("store"));
    FeedbackRecord record = stored.recordByExternalId("7").orElseThrow();
    assertThat(record.responses().stream().map(Response::userId))
        .containsExactly("rater-1", "rater-2");
    assertThat(record.answers("feeling")).containsExactly(9, 4);
  }

  @Test
  void all_bundled_ratings_are_stored_and_their_agreement_is_known() {
    RatedSentences sentences =
        RatedSentences.store(Bundled.path("vader-sentiment"), folder.resolve("store"));

    assertThat(sentences.sentences()).hasSize(10_605);
    assertThat(sentences.ratings()).isEqualTo(198_810);
    assertThat(sentences.agreement().distance()).isEqualTo("interval");
    assertThat(sentences.agreement().alpha()).isBetween(0.5, 1.0);
    // 2.266666667 on the scale from -4 to 4
    assertThat(sentences.sentences().get(0).rating()).isCloseTo(7.266666667, within(1e-6));
  }

  @Test
  void a_sentence_without_ratings_is_named() throws IOException {
    write("GroundTruth", "7\t1.5\tA\n8\t1.5\tB\n");
    write("anonDataRatings", "7\t1.5\t2.5\t[4]\n");

    assertThatThrownBy(() -> RatedSentences.store(folder, folder.resolve("store")))
        .hasMessageContaining("GroundTruth.txt.gz line 2")
        .hasMessageContaining("sentence 8 has no ratings")
        .hasMessageContaining("restore it");
  }

  @Test
  void damaged_ratings_are_named_with_their_line() throws IOException {
    write("GroundTruth", "7\t1.5\tA\n");
    write("anonDataRatings", "7\t1.5\t2.5\t[4, x]\n");

    assertThatThrownBy(() -> RatedSentences.store(folder, folder.resolve("store")))
        .hasMessageContaining("anonDataRatings.txt.gz line 1")
        .hasMessageContaining("[4, x]");
  }

  @Test
  void a_rating_out_of_range_is_refused() throws IOException {
    write("GroundTruth", "7\t1.5\tA\n");
    write("anonDataRatings", "7\t1.5\t2.5\t[5]\n");

    assertThatThrownBy(() -> RatedSentences.store(folder, folder.resolve("store")))
        .hasMessageContaining("10");
  }
}
