package org.attune.model.gguf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a tensor of a GGUF file is called by transformers.
 *
 * @param transformers the name there, with {@code #} for the number of an expert; the file's own
 *     name if the family has no such tensor
 * @param arrangement how its numbers stand in the file
 */
record TensorName(String transformers, Arrangement arrangement) {
  private static final Pattern FILE_NAME =
      Pattern.compile("(?:blk\\.(\\d+)\\.)?(.+)\\.(weight|bias)");

  static TensorName of(String name, GgufFamily family) {
    Matcher parts = FILE_NAME.matcher(name);
    if (parts.matches()) {
      String layer = parts.group(1);
      String bare = (layer == null ? "" : "blk.%.") + parts.group(2);
      String other = family.tensors().get(bare);
      if (other != null) {
        String suffix = "." + parts.group(3);
        return new TensorName(
            (layer == null ? other : other.replace("%", layer)) + suffix,
            arrangement(bare, suffix, family));
      }
    }
    return new TensorName(name, Arrangement.SAME);
  }

  /** How a tensor stands; an entry with its suffix goes before one for weight and bias alike. */
  static Arrangement arrangement(String bare, String suffix, GgufFamily family) {
    Arrangement both = family.arrangements().getOrDefault(bare, Arrangement.SAME);
    return family.arrangements().getOrDefault(bare + suffix, both);
  }

  /** Whether transformers has a tensor of its own for each expert. */
  boolean isOfExperts() {
    return transformers.contains("#");
  }

  String ofExpert(int expert) {
    return transformers.replace("#", Integer.toString(expert));
  }
}
