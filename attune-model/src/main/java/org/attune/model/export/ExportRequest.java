package org.attune.model.export;

import java.nio.file.Path;
import java.util.List;
import org.attune.data.InvalidInputException;
import org.attune.model.checkpoint.SavedForm;
import org.attune.model.gguf.GgufFile;

/**
 * What is exported, and in which form.
 *
 * @param target a folder, or a file that ends in {@code .gguf}; it must not exist
 * @param maxShardSize the largest file of a folder, such as {@code 500MB}
 * @param prompts the texts to compare on; none for {@linkplain #withDefaults those of Attune}
 */
public record ExportRequest(
    Path target, ExportType type, String maxShardSize, List<String> prompts) {
  /** As transformers divides. */
  public static final String DEFAULT_MAX_SHARD_SIZE = "5GB";

  /**
   * Checks the request.
   *
   * @throws InvalidInputException if the type does not exist in that form, or the size is none
   */
  public ExportRequest {
    prompts = List.copyOf(prompts);
    if (!GgufFile.isNamed(target) && type.stored().isEmpty()) {
      throw new InvalidInputException(
          "--type %s is a type of GGUF files, but --to %s is a folder. Name a file that ends in .gguf, or choose f32, f16 or bf16."
              .formatted(type, target));
    }
    SavedForm.FLOAT32.inShardsOf(maxShardSize);
  }

  /** A request with shards and prompts as usual. */
  public static ExportRequest withDefaults(Path target, ExportType type) {
    return new ExportRequest(target, type, DEFAULT_MAX_SHARD_SIZE, HeldOutTokens.defaultPrompts());
  }

  /** How the weights of a folder are stored. */
  SavedForm form() {
    return new SavedForm(type.stored().orElseThrow(), SavedForm.FLOAT32.maxShardBytes())
        .inShardsOf(maxShardSize);
  }

  boolean isGguf() {
    return GgufFile.isNamed(target);
  }
}
