package org.attune.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SequenceEncoderTest {
  private static final int END = 2;

  @TempDir private Path folder;

  @Test
  void concatenation_is_the_encoding_of_one_text() {
    SequenceEncoder encoder = new SequenceEncoder(PairEncoding.CONCATENATE, false, 512);
    try (Tokenizer tokenizer = Tokenizer.load(Bundled.stories260k())) {
      assertThat(encoder.encode(tokenizer, "Once upon", " a time"))
          .isEqualTo(TokenSequence.of(tokenizer.encode("Once upon a time")));
    }
  }

  @Test
  void a_pair_is_encoded_as_the_tokenizer_does() {
    SequenceEncoder encoder = new SequenceEncoder(PairEncoding.PAIR, false, 512);
    try (Tokenizer tokenizer = Tokenizer.load(Bundled.stories260k())) {
      assertThat(encoder.encode(tokenizer, "Once upon", "a time"))
          .isEqualTo(tokenizer.encodePair("Once upon", "a time"));
    }
  }

  @Test
  void the_end_token_is_added_once() {
    SequenceEncoder encoder = new SequenceEncoder(PairEncoding.CONCATENATE, true, 512);
    try (Tokenizer tokenizer = Tokenizer.load(Bundled.stories260k())) {
      assertThat(encoder.encode(tokenizer, "A cat").ids()).endsWith(END).containsOnlyOnce(END);
      assertThat(encoder.encode(tokenizer, "A cat</s>"))
          .isEqualTo(encoder.encode(tokenizer, "A cat"));
      assertThat(encoder.encode(tokenizer, "", "").ids()).endsWith(END);
    }
  }

  @Test
  void what_was_written_is_read() {
    SequenceEncoder encoder = new SequenceEncoder(PairEncoding.PAIR, true, 300);

    encoder.write(folder);

    assertThat(SequenceEncoder.read(folder, 512, PairEncoding.CONCATENATE)).isEqualTo(encoder);
  }

  @Test
  void a_directory_that_says_nothing_adds_nothing_and_leaves_the_encoding_to_the_family() {
    assertThat(SequenceEncoder.read(folder, 512, PairEncoding.CONCATENATE))
        .isEqualTo(new SequenceEncoder(PairEncoding.CONCATENATE, false, 512));
    assertThat(SequenceEncoder.read(folder, 512, PairEncoding.PAIR))
        .isEqualTo(new SequenceEncoder(PairEncoding.PAIR, false, 512));
  }

  @Test
  void an_unknown_encoding_is_an_error() throws IOException {
    Files.writeString(folder.resolve("attune.json"), "{\"encoding\": \"concat\"}");

    assertThatThrownBy(() -> SequenceEncoder.read(folder, 512, PairEncoding.CONCATENATE))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("attune.json", "encoding", "pair or concatenate", "concat");
  }

  @Test
  void a_length_beyond_the_context_is_an_error() throws IOException {
    Files.writeString(folder.resolve("attune.json"), "{\"max_length\": 513}");

    assertThatThrownBy(() -> SequenceEncoder.read(folder, 512, PairEncoding.CONCATENATE))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("attune.json", "max_length", "1 to 512", "513");
  }

  @Test
  void a_torn_file_is_an_error() throws IOException {
    Files.writeString(folder.resolve("attune.json"), "{\"encoding\": \"pa");

    assertThatThrownBy(() -> SequenceEncoder.read(folder, 512, PairEncoding.CONCATENATE))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("attune.json", "not valid JSON");
  }
}
