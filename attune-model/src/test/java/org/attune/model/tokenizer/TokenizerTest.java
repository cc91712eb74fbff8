package org.attune.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.tokenizer.convert.AddedToken;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class TokenizerTest {
  private static Tokenizer stories;
  private static Tokenizer gpt2;

  @BeforeAll
  static void load() {
    stories = Tokenizer.load(Bundled.stories260k());
    gpt2 = Tokenizer.load(Bundled.gpt2Tokenizer());
  }

  @AfterAll
  static void close() {
    stories.close();
    gpt2.close();
  }

  @Nested
  final class Published_vectors {
    @Test
    void of_the_story_model_are_met_both_ways() throws IOException {
      assertThat(vectors(Bundled.stories260k()))
          .hasSize(40)
          .allSatisfy(vector -> assertMeets(stories, vector));
    }

    @Test
    void of_gpt2_are_met_both_ways() throws IOException {
      assertThat(vectors(Bundled.gpt2Tokenizer()))
          .hasSize(40)
          .allSatisfy(vector -> assertMeets(gpt2, vector));
    }

    private static void assertMeets(Tokenizer tokenizer, JsonNode vector) {
      int[] ids =
          IntStream.range(0, vector.get("ids").size())
              .map(i -> vector.get("ids").get(i).intValue())
              .toArray();

      assertThat(tokenizer.encode(vector.get("text").textValue())).isEqualTo(ids);
      assertThat(tokenizer.decode(ids, SkipSpecial.YES))
          .isEqualTo(vector.get("decoded").textValue());
    }
  }

  @Nested
  final class Special_tokens {
    @Test
    void are_added_unless_told_otherwise() {
      assertThat(stories.encode("a")).containsExactly(1, 261);
      assertThat(stories.encode("a", SpecialTokens.ADD)).containsExactly(1, 261);
      assertThat(stories.encode("a", SpecialTokens.NONE)).containsExactly(261);
    }

    @Test
    void written_in_the_text_are_parsed() {
      assertThat(stories.encode("a</s>")).containsExactly(1, 261, 2);
      assertThat(gpt2.encode("a<|endoftext|>")).containsExactly(64, 50256);
    }

    @Test
    void bos_is_not_added_to_a_text_that_begins_with_it() {
      assertThat(stories.encode("<s>a")).isEqualTo(stories.encode("<s>a", SpecialTokens.NONE));
      assertThat(stories.encodeWithOffsets("<s>a").ids()).isEqualTo(stories.encode("<s>a"));
    }

    @Test
    void bos_written_twice_stays_twice() {
      assertThat(stories.encode("<s><s>")).containsExactly(1, 1);
      assertThat(gpt2.encode("<|endoftext|><|endoftext|>")).containsExactly(50256, 50256);
    }

    @Test
    void surround_a_pair_as_the_tokenizer_says() {
      assertThat(stories.encodePair("a", "a").ids()).containsExactly(1, 261, 1, 261);
      assertThat(gpt2.encodePair("a", "a").ids()).containsExactly(64, 64);
    }

    @Test
    void are_known_by_role() {
      assertThat(stories.bosId()).hasValue(1);
      assertThat(stories.eosId()).hasValue(2);
      assertThat(stories.unkId()).hasValue(0);
      assertThat(stories.padId()).isEmpty();
      assertThat(gpt2.bosId()).hasValue(50256);
      assertThat(gpt2.eosId()).hasValue(50256);
    }

    @Test
    void are_told_from_others() {
      assertThat(stories.isSpecial(2)).isTrue();
      assertThat(stories.isSpecial(261)).isFalse();
      assertThat(stories.isSpecial(99_999)).isFalse();
      assertThat(stories.isSpecial(-1)).isFalse();
    }
  }

  @Nested
  final class Decoding {
    @Test
    void keeps_or_skips_special_tokens() {
      assertThat(stories.decode(new int[] {1, 261, 2}, SkipSpecial.YES)).isEqualTo("a");
      assertThat(stories.decode(new int[] {1, 261, 2}, SkipSpecial.NO)).isEqualTo("<s> a</s>");
    }

    @Test
    void of_a_continuation_is_the_whole_text_without_the_prompt() {
      int[] prompt = stories.encode("Once upon a time");
      int[] all = stories.encode("Once upon a time, there was");

      String completion =
          stories
              .decode(all, SkipSpecial.YES)
              .substring(stories.decode(prompt, SkipSpecial.YES).length());

      assertThat(completion).isEqualTo(", there was");
    }

    @Test
    void of_no_ids_is_the_empty_text() {
      assertThat(stories.decode(new int[0], SkipSpecial.YES)).isEmpty();
    }

    @Test
    void gives_no_text_for_an_id_beyond_the_vocabulary() {
      assertThat(stories.decode(new int[] {1, 261, 600}, SkipSpecial.YES)).isEqualTo("a");
    }

    @Test
    void rejects_a_negative_id() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> stories.decode(new int[] {1, -100}, SkipSpecial.YES))
          .withMessageContainingAll("-100", "position 1", "start at 0");
    }
  }

  @Nested
  final class Offsets {
    @Test
    void count_code_points() {
      assertThat(gpt2.encodeWithOffsets("h😀i café").tokens())
          .containsExactly(
              new EncodedToken(71, "h", 0, 1),
              new EncodedToken(47249, "ðŁĺ", 1, 2),
              new EncodedToken(222, "Ģ", 1, 2),
              new EncodedToken(72, "i", 2, 3),
              new EncodedToken(40304, "ĠcafÃ©", 3, 8));
    }

    @Test
    void of_added_tokens_are_empty_and_of_written_ones_are_their_place() {
      assertThat(stories.encodeWithOffsets("a</s>").tokens())
          .containsExactly(
              new EncodedToken(1, "<s>", 0, 0),
              new EncodedToken(261, "▁a", 0, 1),
              new EncodedToken(2, "</s>", 1, 5));
    }
  }

  @Nested
  final class Vocabulary_look_ups {
    @Test
    void go_both_ways() {
      assertThat(stories.vocabularySize()).isEqualTo(512);
      assertThat(gpt2.vocabularySize()).isEqualTo(50_257);
      assertThat(stories.tokenOf(261)).isEqualTo("▁a");
      assertThat(stories.idOf("▁a")).hasValue(261);
      assertThat(stories.idOf("unheard of")).isEmpty();
    }

    @Test
    void of_an_id_without_a_token_name_the_id_and_the_range() {
      assertThatThrownBy(() -> stories.tokenOf(512))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContainingAll("512", "0 to 511");
    }
  }

  @Nested
  final class Odd_texts {
    @Test
    void survive_the_round_trip() {
      for (String text : List.of("", " ", "\0", "a\0b", "\r\n\t", "👩‍👩‍👧 שלום 漢字", "e\u0301")) {
        assertThat(gpt2.decode(gpt2.encode(text), SkipSpecial.NO)).isEqualTo(text);
        assertThat(stories.decode(stories.encode(text), SkipSpecial.YES)).isEqualTo(text);
      }
    }

    @Test
    void with_half_a_surrogate_pair_get_the_replacement_character() {
      assertThat(gpt2.decode(gpt2.encode("a\uD83Db"), SkipSpecial.NO)).isEqualTo("a\uFFFDb");
    }

    @Test
    void of_a_megabyte_are_neither_truncated_nor_refused() {
      String text = "Once upon a time. ".repeat(60_000);

      assertThat(gpt2.decode(gpt2.encode(text), SkipSpecial.NO)).isEqualTo(text);
    }
  }

  @Nested
  final class Truncation {
    @Test
    void keeps_the_special_tokens_and_drops_text_at_the_given_side() {
      assertThat(stories.encode("a b c")).containsExactly(1, 261, 268, 280);
      assertThat(stories.encodeTruncated("a b c", 3, Side.RIGHT)).containsExactly(1, 261, 268);
      assertThat(stories.encodeTruncated("a b c", 3, Side.LEFT)).containsExactly(1, 268, 280);
      assertThat(stories.encodeTruncated("a b c", 1, Side.RIGHT)).containsExactly(1);
    }

    @Test
    void leaves_short_texts_alone() {
      assertThat(stories.encodeTruncated("a b c", 4, Side.LEFT)).isEqualTo(stories.encode("a b c"));
      assertThat(stories.encodeTruncated("", 9, Side.RIGHT)).isEqualTo(stories.encode(""));
    }

    @Test
    void counts_a_written_bos_once() {
      assertThat(stories.encodeTruncated("<s>a b c", 3, Side.RIGHT))
          .isEqualTo(Arrays.copyOf(stories.encode("<s>a b c"), 3));
    }

    @Test
    void needs_room_for_the_special_tokens() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> stories.encodeTruncated("a", 0, Side.RIGHT))
          .withMessageContainingAll("maxLength must be at least 1", "was 0");
    }
  }

  @Nested
  final class Padding {
    @Test
    void stands_at_the_given_side_and_says_which_ids_are_text() {
      try (Tokenizer padding = stories.withPadToken("<pad>")) {
        List<int[]> sequences = List.of(new int[] {1, 261}, new int[] {1, 261, 268});

        PaddedBatch right = padding.padded(sequences, Side.RIGHT);
        PaddedBatch left = padding.padded(sequences, Side.LEFT);

        assertThat(right.ids()).containsExactly(new int[] {1, 261, 512}, new int[] {1, 261, 268});
        assertThat(right.isText().get(0)).containsExactly(true, true, false);
        assertThat(right.isText().get(1)).containsOnly(true);
        assertThat(left.ids()).containsExactly(new int[] {512, 1, 261}, new int[] {1, 261, 268});
        assertThat(left.isText().get(0)).containsExactly(false, true, true);
      }
    }

    @Test
    void may_use_a_token_that_exists() {
      try (Tokenizer padding = stories.withPadToken("<unk>")) {
        assertThat(padding.padId()).hasValue(0);
        assertThat(padding.vocabularySize()).isEqualTo(512);
      }
    }

    @Test
    void needs_a_padding_token() {
      assertThatThrownBy(() -> stories.padded(List.of(new int[] {1}), Side.RIGHT))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("stories260k", "declares no pad_token", "withPadToken");
    }
  }

  @Nested
  final class Added_tokens {
    @TempDir private Path directory;

    @Test
    void get_the_ids_behind_the_highest_and_are_saved() {
      try (Tokenizer extended =
          stories.withAddedTokens(
              List.of(AddedToken.control("<|user|>"), AddedToken.text("<think>")))) {
        extended.save(directory);

        assertThat(extended.encode("a<|user|><think>")).containsExactly(1, 261, 512, 513);
        assertThat(extended.isSpecial(512)).isTrue();
        assertThat(extended.isSpecial(513)).isFalse();
      }
      try (Tokenizer again = Tokenizer.load(directory)) {
        assertThat(again.encode("a<|user|><think>")).containsExactly(1, 261, 512, 513);
        assertThat(again.vocabularySize()).isEqualTo(514);
      }
    }

    @Test
    void leave_the_first_tokenizer_as_it_is() {
      stories.withAddedTokens(List.of(AddedToken.control("<|user|>"))).close();

      assertThat(stories.vocabularySize()).isEqualTo(512);
      assertThat(stories.idOf("<|user|>")).isEmpty();
    }

    @Test
    void that_the_vocabulary_has_keep_their_ids() {
      try (Tokenizer extended = gpt2.withAddedTokens(List.of(AddedToken.control("hello")))) {
        assertThat(extended.encode("xhello")).containsExactly(87, 31373);
        assertThat(extended.vocabularySize()).isEqualTo(50_257);
      }
    }

    @Test
    void that_would_get_another_id_are_refused() throws IOException {
      String json = Files.readString(Bundled.stories260k().resolve("tokenizer.json"));
      Files.writeString(
          directory.resolve("tokenizer.json"), json.replace("\"▁a\": 261", "\"▁a\": 900"));

      try (Tokenizer gaps = Tokenizer.load(directory)) {
        assertThatThrownBy(() -> gaps.withAddedTokens(List.of(AddedToken.control("<|user|>"))))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContainingAll("<|user|>", "901", "gaps");
      }
    }
  }

  @Nested
  final class Two_threads {
    @Test
    void may_share_a_tokenizer() throws Exception {
      List<JsonNode> vectors = vectors(Bundled.gpt2Tokenizer());
      Callable<List<String>> roundTrips =
          () -> {
            List<String> texts = new ArrayList<>();
            for (int round = 0; round < 50; round++) {
              for (JsonNode vector : vectors) {
                int[] ids = gpt2.encode(vector.get("text").textValue());
                texts.add(gpt2.decode(ids, SkipSpecial.YES));
              }
            }
            return texts;
          };
      List<String> alone = roundTrips.call();

      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        for (Future<List<String>> together : threads.invokeAll(List.of(roundTrips, roundTrips))) {
          assertThat(together.get()).isEqualTo(alone);
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @Nested
  final class Files_of_a_tokenizer {
    @TempDir private Path directory;

    @Test
    void are_saved_byte_for_byte() {
      stories.save(directory);

      for (String name :
          List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")) {
        assertThat(directory.resolve(name))
            .hasSameBinaryContentAs(Bundled.stories260k().resolve(name));
      }
      assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void are_saved_even_if_the_original_is_gone() throws IOException {
      stories.save(directory);
      Path copy = Files.createDirectory(directory.resolve("copy"));
      try (Tokenizer tokenizer = Tokenizer.load(directory)) {
        Files.delete(directory.resolve("tokenizer.json"));

        tokenizer.save(copy);
      }

      assertThat(copy.resolve("tokenizer.json"))
          .hasSameBinaryContentAs(Bundled.stories260k().resolve("tokenizer.json"));
    }

    @Test
    void that_ask_for_truncation_and_padding_get_neither() throws IOException {
      String json = Files.readString(Bundled.stories260k().resolve("tokenizer.json"));
      Files.writeString(
          directory.resolve("tokenizer.json"),
          json.replace(
                  "\"truncation\": null",
                  """
                  "truncation": {"direction": "Right", "max_length": 4, "strategy": "LongestFirst",
                   "stride": 0}""")
              .replace(
                  "\"padding\": null",
                  """
                  "padding": {"strategy": {"Fixed": 8}, "direction": "Right",
                   "pad_to_multiple_of": null, "pad_id": 0, "pad_type_id": 0, "pad_token": "<unk>"}"""));

      try (Tokenizer tokenizer = Tokenizer.load(directory)) {
        assertThat(tokenizer.encode("a")).containsExactly(1, 261);
        assertThat(tokenizer.encode("a a a a a a")).hasSize(7);
      }
    }

    @Test
    void may_declare_a_role_as_an_object_or_a_token_that_does_not_exist() throws IOException {
      Files.copy(
          Bundled.stories260k().resolve("tokenizer.json"), directory.resolve("tokenizer.json"));
      Files.writeString(
          directory.resolve("tokenizer_config.json"),
          """
          {"eos_token": {"content": "</s>", "special": true}, "pad_token": "<pad>"}""");
      Files.writeString(
          directory.resolve("special_tokens_map.json"),
          """
          {"bos_token": "<s>", "eos_token": "<unk>"}""");

      try (Tokenizer tokenizer = Tokenizer.load(directory)) {
        assertThat(tokenizer.eosId()).hasValue(2);
        assertThat(tokenizer.bosId()).hasValue(1);
        assertThat(tokenizer.padId()).isEmpty();
      }
    }

    @Test
    void must_include_tokenizer_json() {
      assertThatThrownBy(() -> Tokenizer.load(directory))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(
              directory.resolve("tokenizer.json").toString(),
              "does not exist",
              "tokenizer.model",
              "vocab.txt");
    }

    @Test
    void are_refused_when_torn() throws IOException {
      String json = Files.readString(Bundled.stories260k().resolve("tokenizer.json"));
      for (String torn : List.of("", "{}", "[]", "{\"model\": {}}", json.substring(0, 9000))) {
        Files.writeString(directory.resolve("tokenizer.json"), torn);

        assertThatThrownBy(() -> Tokenizer.load(directory))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContainingAll("tokenizer.json", "is no tokenizer", "Copy the file again");
      }
    }

    @Test
    void are_refused_when_the_library_cannot_read_them() throws IOException {
      Files.writeString(
          directory.resolve("tokenizer.json"),
          """
          {"model": {"type": "Unheard", "vocab": {"a": 0}}}""");

      assertThatThrownBy(() -> Tokenizer.load(directory))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("tokenizer.json", "is no tokenizer");
    }

    @Test
    void are_not_used_after_closing() {
      Tokenizer tokenizer = Tokenizer.load(Bundled.stories260k());
      tokenizer.close();

      assertThatThrownBy(() -> tokenizer.encode("a")).isInstanceOf(IllegalStateException.class);
    }
  }

  private static List<JsonNode> vectors(Path directory) throws IOException {
    List<JsonNode> vectors = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("vectors.jsonl"))) {
      vectors.add(new JsonMapper().readTree(line));
    }
    return vectors;
  }
}
