package org.attune.model.decoder;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.attune.model.checkpoint.ConfigJson;

/**
 * Which layers see only the latest tokens. Beltagy et al. 2020 (arXiv:2004.05150), section 3.1.
 *
 * <p>{@code layer_types} lists {@code sliding_attention} and {@code full_attention}; older files
 * leave it out, and a rule of the family stands for it.
 */
public final class SlidingWindows {
  private SlidingWindows() {}

  /**
   * The window of each layer: the number of latest tokens that are seen, 0 for all.
   *
   * @param window {@code sliding_window}; 0 where there is none
   * @param slides the family's rule, by the index of the layer
   * @throws org.attune.model.checkpoint.CheckpointException if the list does not fit the layers, or
   *     a layer slides without a window
   */
  public static List<Integer> ofLayers(
      ConfigJson json, int layers, int window, IntPredicate slides) {
    if (!json.has("layer_types")) {
      List<Integer> windows = new ArrayList<>();
      for (int i = 0; i < layers; i++) {
        windows.add(slides.test(i) ? window : 0);
      }
      return List.copyOf(windows);
    }
    List<String> types = json.texts("layer_types");
    if (types.size() != layers) {
      throw json.mismatch("layer_types", "a list of %d, one for each layer".formatted(layers));
    }
    return types.stream().map(type -> window(json, type, window)).toList();
  }

  private static int window(ConfigJson json, String type, int window) {
    return switch (type) {
      case "full_attention" -> 0;
      case "sliding_attention" -> {
        if (window == 0) {
          throw json.mismatch(
              "layer_types", "full_attention everywhere (no sliding_window is in use)");
        }
        yield window;
      }
      default ->
          throw json.mismatch("layer_types", "a list of full_attention and sliding_attention");
    };
  }

  /**
   * The width of the window.
   *
   * @param otherwise where the key is not written; null in the file means none
   */
  public static int width(ConfigJson json, int otherwise) {
    if (!json.mentions("sliding_window")) {
      return otherwise;
    }
    int width = json.integer("sliding_window", 0);
    if (json.has("sliding_window") && width < 1) {
      throw json.mismatch("sliding_window", "at least 1, or null for none");
    }
    return width;
  }
}
