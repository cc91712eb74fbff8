package org.attune.model.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of tokenizers that are torn, changed or hostile. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class DamagedTokenizerTest {
  private static final int ROUNDS = 300;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  /** Loads and encodes; anything but success or this one exception fails the test. */
  private static boolean loads(Path directory) {
    try (Tokenizer tokenizer = Tokenizer.load(directory)) {
      assertThat(tokenizer.encode("a b")).isNotNull();
      return true;
    } catch (CheckpointException e) {
      assertThat(e).hasMessageContaining(directory.toString());
      return false;
    }
  }

  private static byte[] mutated(byte[] original, Random random) {
    byte[] mutated = original.clone();
    switch (random.nextInt(3)) {
      case 0 -> mutated = Arrays.copyOf(mutated, random.nextInt(mutated.length));
      case 1 -> {
        for (int i = random.nextInt(8); i >= 0; i--) {
          mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
        }
      }
      default -> {
        int from = random.nextInt(mutated.length);
        int length = random.nextInt(Math.min(64, mutated.length - from) + 1);
        System.arraycopy(original, random.nextInt(original.length - length), mutated, from, length);
      }
    }
    return mutated;
  }

  private void assertEveryMutationLoadsOrIsRefused(Path source, String changed, String... others)
      throws IOException {
    for (String name : others) {
      Files.copy(source.resolve(name), directory.resolve(name));
    }
    byte[] original = Files.readAllBytes(source.resolve(changed));
    Random random = new Random(17);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Files.write(directory.resolve(changed), mutated(original, random));
      refused += assertTimeoutPreemptively(LIMIT, () -> loads(directory)) ? 0 : 1;
    }
    assertThat(refused).as("refused of %d", ROUNDS).isPositive();
  }

  @Nested
  final class Any_mutation_loads_or_is_refused_with_the_name_of_its_folder {
    private static Path golden(String name, String folder) {
      return Goldens.open(name).tensors().resolveSibling(folder);
    }

    @Test
    void of_a_sentence_piece_model() throws IOException {
      assertEveryMutationLoadsOrIsRefused(
          golden("tokenizer-pieces", "gemma"), "tokenizer.model", "tokenizer_config.json");
    }

    @Test
    void of_a_compiled_map_of_characters() throws IOException {
      assertEveryMutationLoadsOrIsRefused(
          golden("tokenizer-pieces", "t5"), "spiece.model", "tokenizer_config.json");
    }

    @Test
    void of_a_vocabulary_of_word_pieces() throws IOException {
      assertEveryMutationLoadsOrIsRefused(golden("tokenizer-files", "bert-cased"), "vocab.txt");
    }

    @Test
    void of_a_configuration() throws IOException {
      Files.writeString(
          directory.resolve("source.json"),
          """
          {"tokenizer_class": "BertTokenizer", "do_lower_case": false, "unk_token": "[UNK]",
           "added_tokens_decoder": {"5": {"content": "<x>", "special": true}}}""");
      Path source = Files.createDirectory(directory.resolve("source"));
      Files.move(directory.resolve("source.json"), source.resolve("tokenizer_config.json"));
      Files.copy(
          golden("tokenizer-files", "bert-cased").resolve("vocab.txt"),
          directory.resolve("vocab.txt"));

      assertEveryMutationLoadsOrIsRefused(source, "tokenizer_config.json");
    }
  }

  @Nested
  final class A_hostile_sentence_piece_model {
    private void assertRefused(byte[] model, String... parts) throws IOException {
      Files.write(directory.resolve("tokenizer.model"), model);

      assertThatThrownBy(() -> Tokenizer.load(directory))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(parts);
    }

    @Test
    void of_a_piece_of_two_gigabytes_is_not_believed() throws IOException {
      assertRefused(
          new byte[] {0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07, 1},
          "field 1 says it has 2,147,483,647 bytes, but 1 are left");
    }

    @Test
    void of_a_number_without_end_is_refused() throws IOException {
      byte[] endless = new byte[64];
      Arrays.fill(endless, (byte) 0xFF);

      assertRefused(endless, "more than ten bytes");
    }

    @Test
    void of_a_piece_longer_than_any_token_is_refused() throws IOException {
      byte[] text = "a".repeat(5_000).getBytes(UTF_8);
      ByteBuffer model = ByteBuffer.allocate(text.length + 6);
      model.put(new byte[] {0x0A, (byte) 0x8B, 0x27, 0x0A, (byte) 0x88, 0x27}).put(text);

      assertRefused(model.array(), "piece 0 is 5,000 characters long", "1,024 is the most");
    }

    @Test
    void without_pieces_is_refused() throws IOException {
      assertRefused(new byte[0], "it has no pieces");
    }
  }

  @Nested
  final class Metadata_of_gguf {
    @Test
    void of_any_type_loads_or_is_refused() {
      Map<String, Object> whole = new HashMap<>();
      whole.put("tokenizer.ggml.model", "llama");
      whole.put("tokenizer.ggml.tokens", List.of("<unk>", "<s>", "</s>", "▁", "a", "▁a"));
      whole.put("tokenizer.ggml.scores", new float[] {0, 0, 0, -2, -3, -1});
      whole.put("tokenizer.ggml.token_type", new int[] {2, 3, 3, 1, 1, 1});
      whole.put("tokenizer.ggml.bos_token_id", 1);
      whole.put("tokenizer.ggml.eos_token_id", 2);
      whole.put("tokenizer.ggml.add_bos_token", true);
      List<Object> odd =
          List.of(
              "",
              "x",
              -1,
              0,
              7,
              Double.NaN,
              Long.MAX_VALUE,
              true,
              List.of(),
              List.of("a", "a"),
              new int[] {9, 9, 9, 9, 9, 9},
              new float[] {1},
              List.of(1, "a"),
              Map.of());

      for (String key : whole.keySet()) {
        for (String model : List.of("llama", "gpt2", "t5", "bert")) {
          for (Object value : odd) {
            Map<String, Object> metadata = new HashMap<>(whole);
            metadata.put("tokenizer.ggml.model", model);
            metadata.put(key, value);

            assertTimeoutPreemptively(LIMIT, () -> assertLoadsOrIsRefused(metadata));
          }
        }
      }
    }

    private static void assertLoadsOrIsRefused(Map<String, Object> metadata) {
      try (Tokenizer tokenizer = GgufTokenizer.load(Path.of("model.gguf"), metadata)) {
        assertThat(tokenizer.encode("a a")).isNotNull();
      } catch (CheckpointException e) {
        assertThat(e).hasMessageContaining("model.gguf");
      }
    }
  }
}
