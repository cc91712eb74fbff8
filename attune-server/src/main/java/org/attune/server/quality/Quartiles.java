package org.attune.server.quality;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What splits times into four equal parts. Between two times it is interpolated, as R and NumPy do
 * unless told otherwise.
 *
 * @param times how many there are
 */
public record Quartiles(double lower, double median, double upper, int times) {

  /** The quartiles of times in seconds, or null if there are none. */
  static @Nullable Quartiles of(List<Double> seconds) {
    if (seconds.isEmpty()) {
      return null;
    }
    double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75), sorted.length);
  }

  private static double at(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
