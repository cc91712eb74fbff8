package org.attune.model.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of which nothing may be believed. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class DamagedGgufTest {
  private static final int STRING = 8;
  private static final int LIST = 9;
  private static final int U8 = 0;
  private static final int U32 = 4;
  private static final int F32 = 0;
  private static final int Q8 = 8;

  @TempDir private Path folder;

  @Nested
  final class A_head {
    @Test
    void of_an_empty_file_is_none() {
      assertDamaged(new Head(), "does not begin with GGUF");
    }

    @Test
    void of_another_format_is_refused() {
      assertDamaged(new Head().text("PK and much more"), "does not begin with GGUF");
    }

    @Test
    void of_the_first_version_is_refused() {
      assertDamaged(new Head().u32(GgufHeader.MAGIC).u32(1), "version 1", "only 2 and 3");
    }

    @Test
    void of_the_other_byte_order_is_refused() {
      assertDamaged(new Head().u32(GgufHeader.MAGIC).u32(3 << 24), "big-endian");
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000_000, Long.MAX_VALUE, -1})
    void with_more_tensors_than_bytes_is_refused(long count) {
      assertDamaged(
          begun().u64(count).u64(0),
          "number of tensors is " + Long.toUnsignedString(count),
          "8 bytes follow");
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_000_000, Long.MAX_VALUE, -1})
    void with_more_keys_than_bytes_is_refused(long count) {
      assertDamaged(begun().u64(0).u64(count).text("a"), "number of keys is");
    }

    @Test
    void that_ends_early_is_refused_wherever_it_ends() throws IOException {
      byte[] whole = Files.readAllBytes(blocks());
      for (int length = 0; length < 600; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> open(cut)).isInstanceOf(CheckpointException.class);
      }
    }
  }

  @Nested
  final class A_value {
    @Test
    void of_an_unknown_type_is_refused() {
      assertDamaged(withKey("a").u32(77), "value of a is of type 77");
    }

    @Test
    void longer_than_the_file_is_refused() {
      assertDamaged(withKey("a").u32(STRING).u64(1L << 40), "length of the value of a");
    }

    @Test
    void that_is_not_text_is_refused() {
      assertDamaged(withKey("a").u32(STRING).u64(1).u8(0xff), "value of a", "not UTF-8");
    }

    @Test
    void that_is_a_list_longer_than_the_file_is_refused() {
      assertDamaged(withKey("a").u32(LIST).u32(U32).u64(1_000_000_000), "length of a");
    }

    @Test
    void that_is_lists_without_end_is_refused() {
      Head head = withKey("a").u32(LIST);
      for (int i = 0; i < 10_000; i++) {
        head.u32(LIST).u64(1);
      }
      assertDamaged(head, "lists in lists");
    }

    @Test
    void that_is_more_than_any_vocabulary_is_refused() {
      int items = (1 << 22) + 1;
      assertDamaged(
          withKey("a").u32(LIST).u32(U8).u64(items).zeros(items), "more than 4,194,304 items");
    }

    @Test
    void that_comes_twice_is_refused() {
      Head head = begun().u64(0).u64(2);
      assertDamaged(head.text("a").u32(U8).u8(1).text("a").u32(U8).u8(1), "the key a twice");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 1 << 30})
    void for_the_alignment_must_be_a_power_of_two(int alignment) {
      assertDamaged(
          withKey("general.alignment").u32(U32).u32(alignment),
          "general.alignment is " + alignment);
    }
  }

  @Nested
  final class A_tensor {
    @Test
    void of_an_unknown_type_is_refused() {
      assertDamaged(
          withTensor(16, 0, 256).zeros(1024), "tensor x is of type 16", "Q4_K", "convert it");
    }

    @Test
    void of_no_or_too_many_dimensions_is_refused() {
      assertDamaged(withTensor(F32, 0), "x has 0 dimensions");
      assertDamaged(withTensor(F32, 0, 1, 1, 1, 1, 1), "x has 5 dimensions");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void of_an_impossible_length_is_refused(long length) {
      assertDamaged(withTensor(F32, 0, length), "x has a dimension of length");
    }

    @Test
    void with_more_numbers_than_can_be_counted_is_refused() {
      assertDamaged(withTensor(F32, 0, 1L << 40, 1L << 40), "x has a dimension of length");
    }

    @Test
    void whose_rows_do_not_fill_blocks_is_refused() {
      assertDamaged(withTensor(Q8, 0, 33).zeros(256), "rows of 33 numbers", "multiple of 32");
    }

    @ParameterizedTest
    @ValueSource(longs = {32, 1L << 40, -32, Long.MAX_VALUE - 31})
    void outside_the_file_is_refused(long offset) {
      assertDamaged(withTensor(F32, offset, 8).zeros(64), "tensor x", "to take 32");
    }

    @Test
    void that_is_not_aligned_is_refused() {
      assertDamaged(withTensor(F32, 4, 1).zeros(256), "tensor x", "alignment of 32");
    }

    @Test
    void that_overlaps_another_is_refused() {
      Head head = begun().u64(2).u64(0).tensor("x", F32, 0, 16).tensor("y", F32, 32, 8);
      assertDamaged(head.zeros(256), "x and y overlap");
    }

    @Test
    void that_comes_twice_is_refused() {
      Head head = begun().u64(2).u64(0).tensor("x", F32, 0, 8).tensor("x", F32, 32, 8);
      assertDamaged(head.zeros(256), "two tensors named x");
    }
  }

  @Test
  void mutated_files_are_read_or_refused_in_bounded_time() throws IOException {
    byte[] whole = Arrays.copyOf(Files.readAllBytes(blocks()), 4096);
    Random random = new Random(17);
    int[] refused = new int[1];
    assertTimeoutPreemptively(
        Duration.ofMinutes(1),
        () -> {
          for (int i = 0; i < 3000; i++) {
            byte[] mutated = mutated(whole, random);
            try {
              open(mutated);
            } catch (CheckpointException e) {
              refused[0]++;
            }
          }
        });
    assertThat(refused[0]).isPositive();
  }

  /** A few bytes, or a length, changed. */
  private static byte[] mutated(byte[] whole, Random random) {
    byte[] mutated = whole.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(1200);
      switch (random.nextInt(3)) {
        case 0 -> mutated[at] = (byte) random.nextInt();
        case 1 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
        default ->
            ByteBuffer.wrap(mutated)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(at, random.nextLong() >>> random.nextInt(64));
      }
    }
    return mutated;
  }

  private void assertDamaged(Head head, String... words) {
    assertThatThrownBy(() -> open(head.bytes.toByteArray()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("damaged.gguf is no complete GGUF file")
        .hasMessageContainingAll(words);
  }

  private void open(byte[] content) throws IOException {
    Path file = folder.resolve("damaged.gguf");
    Files.write(file, content);
    GgufFile.open(file).close();
  }

  private static Path blocks() {
    return Goldens.open("gguf-blocks").tensors().resolveSibling("blocks.gguf");
  }

  private static Head begun() {
    return new Head().u32(GgufHeader.MAGIC).u32(3);
  }

  private static Head withKey(String key) {
    return begun().u64(0).u64(1).text(key);
  }

  private static Head withTensor(int type, long offset, long... lengths) {
    return begun().u64(1).u64(0).tensor("x", type, offset, lengths);
  }

  /** The bytes of a head, true or not. */
  private static final class Head {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Head u8(int value) {
      bytes.write(value);
      return this;
    }

    Head u32(int value) {
      bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
      return this;
    }

    Head u64(long value) {
      bytes.writeBytes(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
      return this;
    }

    Head text(String text) {
      u64(text.getBytes(UTF_8).length);
      bytes.writeBytes(text.getBytes(UTF_8));
      return this;
    }

    Head tensor(String name, int type, long offset, long... lengths) {
      text(name).u32(lengths.length);
      for (long length : lengths) {
        u64(length);
      }
      return u32(type).u64(offset);
    }

    Head zeros(int count) {
      bytes.writeBytes(new byte[count]);
      return this;
    }
  }
}
