package org.attune.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.transformer.Architecture;
import org.attune.model.weights.WeightSpec;
import org.attune.tensor.DType;
import org.attune.testkit.Bundled;
import org.attune.testkit.ChildJvm;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What loading takes, as the kernel counts it, in a process of its own. */
@DisplayNameGeneration(ReplaceUnderscores.class)
final class LoadingMemoryTest {
  private static final double MOST_PER_WEIGHT = 1.15;

  /**
   * The JVM's own heap and compiled code go on growing for a while, by 8 MB on JDK 17 and 17 MB on
   * 25; 50 KB that each of 700 models left behind would be more than this.
   */
  private static final long MOST_GROWTH_KIB = 32 << 10;

  private static final Duration LIMIT = Duration.ofMinutes(4);

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"FLOAT32, 8", "BFLOAT16, 16"})
  void the_peak_is_at_most_115_percent_of_the_weights(DType type, int layers) throws IOException {
    long stored = sparseModel(directory.resolve("large"), layers);
    long weightBytes = stored / Float.BYTES * type.bytes();

    long large = figure(LIMIT, "peak ", "once", directory.resolve("large").toString(), type.name());
    long small = figure(LIMIT, "peak ", "once", Bundled.stories260k().toString(), type.name());

    assertThat(weightBytes).isGreaterThan(500_000_000L);
    assertThat((large - small) * 1024.0)
        .isBetween((double) weightBytes / 2, MOST_PER_WEIGHT * weightBytes);
  }

  @Test
  void nothing_stays_behind_after_a_thousand_models() {
    List<String> arguments = List.of("cycles", Bundled.stories260k().toString(), "300", "1000");
    try (ChildJvm child = ChildJvm.start(LoadingProgram.class, arguments.toArray(new String[0]))) {
      long early = number(child.awaitOutput("after 300 cycles ", LIMIT));
      long late = number(child.awaitOutput("after 1000 cycles ", LIMIT));

      assertThat(late - early).isLessThan(MOST_GROWTH_KIB);
    }
  }

  private static long figure(Duration limit, String line, String... arguments) {
    try (ChildJvm child = ChildJvm.start(LoadingProgram.class, arguments)) {
      return number(child.awaitOutput(line, limit));
    }
  }

  private static long number(String line) {
    return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
  }

  /** A model of more than half a gigabyte that takes no room on the disk: all holes. */
  private static long sparseModel(Path target, int layers) throws IOException {
    Files.createDirectories(target);
    String config =
        """
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 8192,
         "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": %d,
         "num_attention_heads": 8, "num_key_value_heads": 8, "max_position_embeddings": 64,
         "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "hidden_act": "silu",
         "tie_word_embeddings": true}
        """
            .formatted(layers);
    Files.writeString(target.resolve("config.json"), config);
    Architecture architecture = Architectures.read(ConfigJson.read(target.resolve("config.json")));
    List<WeightSpec> specs = new ArrayList<>(architecture.bodyWeights());
    specs.addAll(architecture.outputWeights());
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    long at = 0;
    for (WeightSpec spec : specs) {
      ObjectNode entry = header.putObject(spec.name()).put("dtype", "F32");
      for (long length : spec.shape()) {
        entry.withArray("shape").add(length);
      }
      entry.putArray("data_offsets").add(at).add(at + spec.count() * Float.BYTES);
      at += spec.count() * Float.BYTES;
    }
    byte[] json = header.toString().getBytes(UTF_8);
    Path weights = target.resolve("model.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
      file.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
      file.write(json);
      file.setLength(file.getFilePointer() + at);
    }
    return at;
  }
}
