package org.attune.model.export;

import java.nio.file.Path;
import java.util.List;
import org.attune.model.checkpoint.SafetensorsWriter;
import org.attune.model.gguf.GgufFile;

/**
 * What is exported, and in which form.
 *
 * @param target a folder, or a file that ends in {@code .gguf}; it must not exist
 * @param maxShardBytes more than this goes into several files of a folder
 * @param prompts the texts to compare on; none for {@linkplain #withDefaults those of Attune}
 */
public record ExportRequest(
    Path target, ExportType type, long maxShardBytes, List<String> prompts) {
  /**
   * Checks the request.
   *
   * @throws IllegalArgumentException if the type does not exist in that form, or a shard is empty
   */
  public ExportRequest {
    prompts = List.copyOf(prompts);
    if (!GgufFile.isNamed(target) && type.stored().isEmpty()) {
      throw new IllegalArgumentException(
          "--type %s is a type of GGUF files, but --to %s is a folder. Name a file that ends in .gguf, or choose f32, f16 or bf16."
              .formatted(type, target));
    }
    if (maxShardBytes < 1) {
      throw new IllegalArgumentException(
          "--max-shard-size must be at least one byte but was %d.".formatted(maxShardBytes));
    }
  }

  /** A request with shards and prompts as usual. */
  public static ExportRequest withDefaults(Path target, ExportType type) {
    return new ExportRequest(
        target, type, SafetensorsWriter.DEFAULT_MAX_SHARD_BYTES, HeldOutTokens.defaultPrompts());
  }

  boolean isGguf() {
    return GgufFile.isNamed(target);
  }
}
