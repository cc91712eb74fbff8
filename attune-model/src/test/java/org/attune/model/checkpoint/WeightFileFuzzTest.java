package org.attune.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of damaged copies of good files: each is read, or refused with words. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class WeightFileFuzzTest {
  private static final Path GOLDEN = Goldens.open("pytorch-files").tensors().resolveSibling("");
  private static final int COPIES = 3000;
  private static final int MOST_ELEMENTS = 1 << 20;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long[] EXTREMES = {
    0, 1, -1, Integer.MAX_VALUE, 0xffffffffL, 1_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE
  };

  @TempDir private Path directory;

  @Test
  void safetensors_files_are_read_or_refused() throws IOException {
    fuzz("tensors.safetensors", SafetensorsFile::open);
  }

  @Test
  void zip_files_of_pytorch_are_read_or_refused() throws IOException {
    fuzz("zip.bin", PytorchFile::open);
  }

  @Test
  void streams_of_pytorch_are_read_or_refused() throws IOException {
    fuzz("stream.bin", PytorchFile::open);
  }

  private void fuzz(String name, Function<Path, WeightFile> format) throws IOException {
    byte[] good = Files.readAllBytes(GOLDEN.resolve(name));
    Path file = directory.resolve(name);
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          int refused = 0;
          for (int seed = 0; seed < COPIES; seed++) {
            Files.write(file, damaged(good, new SplittableRandom(seed)));
            try (WeightFile opened = format.apply(file)) {
              readAll(opened);
            } catch (CheckpointException e) {
              assertThat(e).as("seed %d", seed).hasMessageContaining(file.toString());
              refused++;
            } catch (RuntimeException | Error e) {
              fail("seed %d".formatted(seed), e);
            }
          }
          assertThat(refused).isBetween(COPIES / 10, COPIES);
        });
  }

  private static void readAll(WeightFile file) {
    for (String name : file.names()) {
      TensorInfo info = file.info(name);
      if (FloatElements.isFloat(info.type()) && info.elements() <= MOST_ELEMENTS) {
        file.readFloats(name, 0, FloatBuffer.allocate((int) info.elements()));
      }
    }
  }

  private static byte[] damaged(byte[] good, SplittableRandom random) {
    byte[] bytes = good.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      // half of the changes where lengths and positions stand: at the beginning and at the end
      int region = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 1 << 9);
      int at = random.nextInt(Math.max(1, region));
      at = random.nextInt(4) == 0 ? bytes.length - 1 - at : at;
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> number(bytes, at, Integer.BYTES, random);
        case 3 -> number(bytes, at, Long.BYTES, random);
        case 4 -> {
          int length = Math.min(random.nextInt(64), bytes.length - at);
          int from = random.nextInt(bytes.length - length + 1);
          System.arraycopy(bytes, from, bytes, at, length);
        }
        default -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
      }
    }
    return bytes;
  }

  private static void number(byte[] bytes, int at, int size, SplittableRandom random) {
    if (at + size > bytes.length) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long value = EXTREMES[random.nextInt(EXTREMES.length)];
    if (size == Long.BYTES) {
      buffer.putLong(at, value);
    } else {
      buffer.putInt(at, (int) value);
    }
  }
}
