package org.attune.model.checkpoint;

import java.util.Locale;
import java.util.Map;
import org.attune.data.InvalidInputException;

/**
 * How weights are stored: as which type, and in files of which size.
 *
 * @param type F32, F16 or BF16
 * @param maxShardBytes more than this goes into several files with an index
 */
public record SavedForm(StoredType type, long maxShardBytes) {
  private static final Map<StoredType, String> CONFIG_NAMES =
      Map.of(StoredType.F32, "float32", StoredType.F16, "float16", StoredType.BF16, "bfloat16");

  /** Everything that training needs: float32, in shards of 5 GB. */
  public static final SavedForm FLOAT32 =
      new SavedForm(StoredType.F32, SafetensorsWriter.DEFAULT_MAX_SHARD_BYTES);

  public SavedForm {
    if (!CONFIG_NAMES.containsKey(type)) {
      throw new IllegalArgumentException(
          "Weights cannot be saved as %s. Choose F32, F16 or BF16.".formatted(type));
    }
    if (maxShardBytes <= 0) {
      throw new InvalidInputException(
          "The largest shard must have more than 0 bytes but was to have %d. 5 GB are usual."
              .formatted(maxShardBytes));
    }
  }

  /**
   * The same in shards of another size, such as {@code 5GB}, {@code 500MB} or a number of bytes.
   */
  public SavedForm inShardsOf(String size) {
    return new SavedForm(type, bytes(size));
  }

  /** What {@code config.json} calls the type. */
  public String configName() {
    return CONFIG_NAMES.getOrDefault(type, "");
  }

  /** As in transformers, a KB has 1,000 bytes and a KiB 1,024. */
  private static long bytes(String size) {
    String text = size.strip().toUpperCase(Locale.ROOT);
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    long unit =
        switch (text.substring(digits).strip()) {
          case "", "B" -> 1;
          case "KB" -> 1_000;
          case "MB" -> 1_000_000;
          case "GB" -> 1_000_000_000;
          case "KIB" -> 1L << 10;
          case "MIB" -> 1L << 20;
          case "GIB" -> 1L << 30;
          default -> 0;
        };
    if (digits == 0 || digits > 9 || unit == 0) {
      throw new InvalidInputException(
          "The size \"%s\" is none. Write a whole number and a unit, such as 5GB or 500MB."
              .formatted(size));
    }
    return Long.parseLong(text.substring(0, digits)) * unit;
  }
}
