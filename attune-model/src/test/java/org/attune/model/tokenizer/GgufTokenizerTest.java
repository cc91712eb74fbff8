package org.attune.model.tokenizer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tokenizers of GGUF files, made from vocabularies whose ids are known. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class GgufTokenizerTest {
  private static final Path FILE = Path.of("model.gguf");
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int BYTE = 6;

  /** GPT-2's vocabulary as llama.cpp stores it. */
  private static Map<String, Object> gpt2() throws IOException {
    Path directory = Bundled.gpt2Tokenizer();
    JsonNode vocabulary = new JsonMapper().readTree(directory.resolve("vocab.json").toFile());
    String[] tokens = new String[vocabulary.size()];
    vocabulary.properties().forEach(entry -> tokens[entry.getValue().intValue()] = entry.getKey());
    List<Integer> types = new ArrayList<>();
    for (String token : tokens) {
      types.add(token.equals("<|endoftext|>") ? CONTROL : 1);
    }
    List<String> merges =
        Files.readAllLines(directory.resolve("merges.txt")).stream()
            .filter(line -> !line.startsWith("#version") && !line.isEmpty())
            .toList();
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("tokenizer.ggml.model", "gpt2");
    metadata.put("tokenizer.ggml.pre", "gpt-2");
    metadata.put("tokenizer.ggml.tokens", List.of(tokens));
    metadata.put("tokenizer.ggml.token_type", types);
    metadata.put("tokenizer.ggml.merges", merges);
    metadata.put("tokenizer.ggml.bos_token_id", 50256);
    metadata.put("tokenizer.ggml.eos_token_id", 50256);
    return metadata;
  }

  /** The story model's vocabulary as llama.cpp stores it: scores instead of merges. */
  private static Map<String, Object> stories() throws IOException {
    JsonNode json =
        new JsonMapper().readTree(Bundled.stories260k().resolve("tokenizer.json").toFile());
    JsonNode vocabulary = json.get("model").get("vocab");
    String[] tokens = new String[vocabulary.size()];
    vocabulary.properties().forEach(entry -> tokens[entry.getValue().intValue()] = entry.getKey());
    float[] scores = new float[tokens.length];
    int[] types = new int[tokens.length];
    for (int id = 0; id < tokens.length; id++) {
      scores[id] = -id;
      types[id] = id == 0 ? 2 : id < 3 ? CONTROL : tokens[id].startsWith("<0x") ? BYTE : 1;
    }
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("general.architecture", "llama");
    metadata.put("tokenizer.ggml.model", "llama");
    metadata.put("tokenizer.ggml.tokens", tokens);
    metadata.put("tokenizer.ggml.scores", scores);
    metadata.put("tokenizer.ggml.token_type", types);
    metadata.put("tokenizer.ggml.bos_token_id", 1L);
    metadata.put("tokenizer.ggml.eos_token_id", 2L);
    metadata.put("tokenizer.ggml.unknown_token_id", 0L);
    return metadata;
  }

  private static void assertMeetsVectors(Map<String, Object> metadata, Path directory)
      throws IOException {
    try (Tokenizer tokenizer = GgufTokenizer.load(FILE, metadata)) {
      for (String line : Files.readAllLines(directory.resolve("vectors.jsonl"))) {
        JsonNode vector = new JsonMapper().readTree(line);
        JsonNode ids = vector.get("ids");

        assertThat(tokenizer.encode(vector.get("text").textValue()))
            .as(line)
            .isEqualTo(IntStream.range(0, ids.size()).map(i -> ids.get(i).intValue()).toArray());
      }
    }
  }

  @Nested
  final class Ids {
    @Test
    void of_byte_level_pairs_are_those_of_the_original() throws IOException {
      assertMeetsVectors(gpt2(), Bundled.gpt2Tokenizer());
    }

    @Test
    void of_scored_pieces_are_those_of_the_original() throws IOException {
      assertMeetsVectors(stories(), Bundled.stories260k());
    }

    @Test
    void of_digits_stand_alone_where_the_pre_tokenizer_says_so() throws IOException {
      Map<String, Object> metadata = gpt2();
      metadata.put("tokenizer.ggml.pre", "smollm");

      try (Tokenizer tokenizer = GgufTokenizer.load(FILE, metadata)) {
        assertThat(tokenizer.encode("a 123")).containsExactly(64, 220, 16, 17, 18);
      }
    }
  }

  @Nested
  final class Added_tokens {
    @Test
    void surround_a_text_as_the_flags_say() throws IOException {
      Map<String, Object> metadata = stories();
      metadata.put("tokenizer.ggml.add_bos_token", false);
      metadata.put("tokenizer.ggml.add_eos_token", true);

      try (Tokenizer tokenizer = GgufTokenizer.load(FILE, metadata)) {
        assertThat(tokenizer.encode("a")).containsExactly(261, 2);
      }
    }

    @Test
    void of_users_are_found_whole_and_are_not_special() throws IOException {
      Map<String, Object> metadata = stories();
      int[] types = (int[]) requireNonNull(metadata.get("tokenizer.ggml.token_type"));
      String[] tokens = (String[]) requireNonNull(metadata.get("tokenizer.ggml.tokens"));
      types[511] = USER_DEFINED;
      tokens[511] = "<think>";

      try (Tokenizer tokenizer = GgufTokenizer.load(FILE, metadata)) {
        assertThat(tokenizer.encode("a<think>")).containsExactly(1, 261, 511);
        assertThat(tokenizer.isSpecial(511)).isFalse();
        assertThat(tokenizer.isSpecial(2)).isTrue();
      }
    }
  }

  @Nested
  final class Files_of_it {
    @TempDir private Path directory;

    @Test
    void are_saved_so_that_they_load_again() throws IOException {
      Map<String, Object> metadata = stories();
      metadata.put("tokenizer.chat_template", "{{ messages }}");
      try (Tokenizer tokenizer = GgufTokenizer.load(FILE, metadata)) {
        tokenizer.save(directory);
      }

      try (Tokenizer again = Tokenizer.load(directory)) {
        assertThat(again.encode("a</s>")).containsExactly(1, 261, 2);
        assertThat(again.bosId()).hasValue(1);
        assertThat(again.eosId()).hasValue(2);
        assertThat(again.unkId()).hasValue(0);
      }
      assertThat(directory.resolve("tokenizer_config.json"))
          .content()
          .contains("\"chat_template\" : \"{{ messages }}\"");
    }
  }

  @Nested
  final class Bad_metadata {
    private static void assertRefused(String key, Object value, String... parts)
        throws IOException {
      Map<String, Object> metadata = gpt2();
      metadata.put("tokenizer.ggml." + key, value);

      assertThatThrownBy(() -> GgufTokenizer.load(FILE, metadata))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("model.gguf")
          .hasMessageContainingAll(parts);
    }

    @Test
    void names_the_key_its_value_and_what_is_known() throws IOException {
      assertRefused("model", "rwkv", "tokenizer.ggml.model", "gpt2, llama, t5 or bert", "rwkv");
      assertRefused("pre", "unheard-of", "tokenizer.ggml.pre", "smollm", "unheard-of");
      assertRefused("tokens", "a", "tokenizer.ggml.tokens", "must be a list", "was a");
      assertRefused("tokens", List.of(), "tokenizer.ggml.tokens is empty");
      assertRefused("token_type", new int[] {1}, "token_type has 1 entries", "50,257 tokens");
      assertRefused("bos_token_id", 60_000, "bos_token_id must be in 0 to 50,256", "60000");
      assertRefused("eos_token_id", "two", "eos_token_id must be a token id", "two");
      assertRefused("add_bos_token", "yes", "add_bos_token must be true or false", "yes");
      assertRefused("merges", List.of("Ġ unheard"), "merges, entry 0", "Ġ unheard");
    }

    @Test
    void says_what_is_missing() throws IOException {
      Map<String, Object> metadata = gpt2();
      metadata.remove("tokenizer.ggml.merges");

      assertThatThrownBy(() -> GgufTokenizer.load(FILE, metadata))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("tokenizer.ggml.merges must be a list but is missing");
    }

    @Test
    void with_two_tokens_of_one_spelling_is_refused() throws IOException {
      Map<String, Object> metadata = stories();
      ((String[]) requireNonNull(metadata.get("tokenizer.ggml.tokens")))[300] = "▁a";

      assertThatThrownBy(() -> GgufTokenizer.load(FILE, metadata))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("tokens 261 and 300 are both \"▁a\"");
    }
  }
}
