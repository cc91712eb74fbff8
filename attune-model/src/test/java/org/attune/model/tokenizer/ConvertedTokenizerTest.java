package org.attune.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers of directories without a {@code tokenizer.json}. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class ConvertedTokenizerTest {
  private static final Goldens PIECES = Goldens.open("tokenizer-pieces");
  private static final Goldens FILES = Goldens.open("tokenizer-files");

  @TempDir private Path directory;

  private static int[] ids(JsonNode list) {
    return IntStream.range(0, list.size()).map(i -> list.get(i).intValue()).toArray();
  }

  private void copy(Path from, String... names) throws IOException {
    for (String name : names) {
      Files.copy(from.resolve(name), directory.resolve(name));
    }
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(directory.resolve(name), content);
  }

  @Nested
  final class Ids {
    @ParameterizedTest
    @ValueSource(strings = {"t5", "gemma"})
    void of_trained_pieces_are_those_of_sentence_piece(String name) throws Exception {
      assertMeets(PIECES, name, PIECES.tensors().resolveSibling(name));
    }

    @Test
    void of_mistral_are_those_of_sentence_piece() throws Exception {
      assertMeets(PIECES, "mistral", Bundled.mistralTokenizer());
    }

    @Test
    void of_mistral_are_those_of_the_published_vectors() throws IOException {
      try (Tokenizer tokenizer = Tokenizer.load(Bundled.mistralTokenizer())) {
        for (String line :
            Files.readAllLines(Bundled.mistralTokenizer().resolve("vectors.jsonl"))) {
          JsonNode vector = new JsonMapper().readTree(line);

          assertThat(tokenizer.encode(vector.get("text").textValue()))
              .as(line)
              .isEqualTo(ids(vector.get("ids")));
          assertThat(tokenizer.decode(ids(vector.get("ids")), SkipSpecial.YES))
              .isEqualTo(vector.get("decoded").textValue());
        }
      }
    }

    @Test
    void of_a_vocabulary_and_merges_are_those_of_gpt2() throws Exception {
      copy(Bundled.gpt2Tokenizer(), "vocab.json", "merges.txt");

      assertMeets(FILES, "gpt2", directory);
    }

    @Test
    void depend_on_the_class_of_the_tokenizer() throws Exception {
      copy(Bundled.gpt2Tokenizer(), "vocab.json", "merges.txt");
      write("tokenizer_config.json", "{\"tokenizer_class\": \"Qwen2Tokenizer\"}");

      assertMeets(FILES, "qwen2", directory);
    }

    @Test
    void begin_with_bos_and_a_space_where_the_configuration_says_so() throws Exception {
      copy(Bundled.gpt2Tokenizer(), "vocab.json", "merges.txt");
      write(
          "tokenizer_config.json",
          """
          {"tokenizer_class": "GPT2Tokenizer", "add_bos_token": true, "add_prefix_space": true}""");

      assertMeets(FILES, "opt", directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-uncased", "bert-cased"})
    void of_word_pieces_are_those_of_bert(String name) throws Exception {
      assertMeets(FILES, name, FILES.tensors().resolveSibling(name));
    }

    private static void assertMeets(Goldens goldens, String name, Path directory) throws Exception {
      JsonNode golden = goldens.values().get(name);
      JsonNode line = goldens.values().get("line");
      try (Tokenizer tokenizer = Tokenizer.load(directory)) {
        assertThat(golden.get("encodings"))
            .isNotEmpty()
            .allSatisfy(
                encoding ->
                    assertThat(tokenizer.encode(encoding.get("text").textValue()))
                        .as(encoding.get("text").toString())
                        .isEqualTo(ids(encoding.get("ids"))));

        int[] ids =
            tokenizer.encode(line.get("unit").textValue().repeat(line.get("repeats").intValue()));

        assertThat(ids).hasSize(golden.get("line_count").intValue());
        assertThat(digest(ids)).isEqualTo(golden.get("line_sha256").textValue());
      }
    }

    private static String digest(int[] ids) throws Exception {
      ByteBuffer bytes =
          ByteBuffer.allocate(ids.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asIntBuffer().put(ids);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    }
  }

  @Nested
  final class Added_tokens {
    @Test
    void of_transformers_4_stand_in_files_of_their_own() throws IOException {
      copy(Bundled.gpt2Tokenizer(), "vocab.json", "merges.txt");
      write("added_tokens.json", "{\"<think>\": 50258, \"[PAD]\": 50257}");
      write("special_tokens_map.json", "{\"pad_token\": \"[PAD]\"}");

      try (Tokenizer tokenizer = Tokenizer.load(directory)) {
        assertThat(tokenizer.encode("a[PAD]<think>")).containsExactly(64, 50257, 50258);
        assertThat(tokenizer.padId()).hasValue(50257);
        assertThat(tokenizer.isSpecial(50257)).isTrue();
        assertThat(tokenizer.isSpecial(50258)).isFalse();
      }
    }

    @Test
    void of_later_versions_stand_in_the_configuration_with_gaps_between_their_ids()
        throws IOException {
      copy(Bundled.mistralTokenizer(), "tokenizer.model");
      write(
          "tokenizer_config.json",
          """
          {"tokenizer_class": "LlamaTokenizer",
           "added_tokens_decoder": {
             "32010": {"content": "<|im_start|>", "special": true, "rstrip": true},
             "32005": {"content": "<tool>", "special": false}}}""");

      try (Tokenizer tokenizer = Tokenizer.load(directory)) {
        assertThat(tokenizer.encode("<|im_start|> \na<tool>", SpecialTokens.NONE))
            .containsExactly(32010, 264, 32005);
        assertThat(tokenizer.isSpecial(32010)).isTrue();
        assertThat(tokenizer.isSpecial(32005)).isFalse();
        assertThat(tokenizer.vocabularySize()).isEqualTo(32_011);
      }
    }

    @Test
    void of_t5_mark_what_is_masked() {
      Path folder = PIECES.tensors().resolveSibling("t5");
      try (Tokenizer tokenizer = Tokenizer.load(folder)) {
        assertThat(tokenizer.vocabularySize()).isEqualTo(810);
        assertThat(tokenizer.encode("<extra_id_0>")).containsExactly(809, 1);
        assertThat(tokenizer.idOf("<extra_id_9>")).hasValue(800);
        assertThat(tokenizer.isSpecial(809)).isTrue();
      }
    }

    @Test
    void are_known_by_role_without_a_file_that_says_so() {
      try (Tokenizer tokenizer = Tokenizer.load(Bundled.mistralTokenizer())) {
        assertThat(tokenizer.bosId()).hasValue(1);
        assertThat(tokenizer.eosId()).hasValue(2);
        assertThat(tokenizer.unkId()).hasValue(0);
      }
    }
  }

  @Nested
  final class Order_of_preference {
    @Test
    void is_tokenizer_json_then_pieces_then_pairs_then_words() throws IOException {
      copy(FILES.tensors().resolveSibling("bert-cased"), "vocab.txt");
      assertSize(791);

      copy(Bundled.gpt2Tokenizer(), "vocab.json", "merges.txt");
      assertSize(50_257);

      copy(Bundled.mistralTokenizer(), "tokenizer.model");
      assertSize(32_000);

      copy(Bundled.stories260k(), "tokenizer.json");
      assertSize(512);
    }

    private void assertSize(int tokens) {
      try (Tokenizer tokenizer = Tokenizer.load(directory)) {
        assertThat(tokenizer.vocabularySize()).isEqualTo(tokens);
      }
    }
  }

  @Nested
  final class Saving {
    @Test
    void writes_the_tokenizer_json_beside_the_original_files() throws IOException {
      try (Tokenizer tokenizer = Tokenizer.load(Bundled.mistralTokenizer())) {
        tokenizer.save(directory);
      }

      assertThat(directory.resolve("tokenizer.model"))
          .hasSameBinaryContentAs(Bundled.mistralTokenizer().resolve("tokenizer.model"));
      assertThat(directory.resolve("tokenizer_config.json"))
          .content()
          .contains("PreTrainedTokenizerFast", "\"bos_token\" : \"<s>\"");
      try (Tokenizer again = Tokenizer.load(directory)) {
        assertThat(again.encode("Hello, world!")).containsExactly(1, 22557, 28725, 1526, 28808);
      }
    }
  }

  @Nested
  final class Bad_files {
    private void assertRefused(String... parts) {
      assertThatThrownBy(() -> Tokenizer.load(directory))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContainingAll(parts);
    }

    @Test
    void whose_class_is_not_known_are_refused_rather_than_misread() throws IOException {
      copy(Bundled.mistralTokenizer(), "tokenizer.model");
      write("tokenizer_config.json", "{\"tokenizer_class\": \"XLMRobertaTokenizerFast\"}");

      assertRefused("XLMRobertaTokenizer", "LlamaTokenizer, GemmaTokenizer and T5Tokenizer");
    }

    @Test
    void whose_merges_do_not_fit_the_vocabulary_name_the_line() throws IOException {
      write("vocab.json", "{\"a\": 0, \"b\": 1, \"ab\": 2}");
      write("merges.txt", "#version: 0.2\na b\nab b\n");

      assertRefused("merges.txt", "line 3", "\"ab b\"", "vocab.json");
    }

    @Test
    void whose_ids_are_taken_twice_name_the_token() throws IOException {
      write("vocab.json", "{\"a\": 0, \"b\": 0}");
      write("merges.txt", "");

      assertRefused("vocab.json", "\"b\" must have an id of its own but has 0");
    }

    @Test
    void whose_words_lack_a_special_token_name_it() throws IOException {
      write("vocab.txt", "[UNK]\n[CLS]\na\n");

      assertRefused("vocab.txt", "no [SEP]", "sep token");
    }

    @Test
    void whose_added_token_has_another_id_name_both() throws IOException {
      copy(Bundled.mistralTokenizer(), "tokenizer.model");
      write("added_tokens.json", "{\"▁the\": 32000}");

      assertRefused("▁the", "32000", "the vocabulary gives it");
    }

    @Test
    void whose_pieces_are_torn_say_where() throws IOException {
      byte[] model = Files.readAllBytes(Bundled.mistralTokenizer().resolve("tokenizer.model"));
      Files.write(directory.resolve("tokenizer.model"), Arrays.copyOf(model, model.length / 2));

      assertRefused("tokenizer.model", "is no SentencePiece model", "bytes, but", "are left");
    }
  }
}
