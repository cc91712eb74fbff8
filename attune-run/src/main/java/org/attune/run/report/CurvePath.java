package org.attune.run.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A curve drawn into a field of 300 by 120 units.
 *
 * <p>Long curves are thinned to the lowest and the highest point of each slice, so that spikes stay
 * visible.
 */
final class CurvePath {
  static final int MAX_POINTS = 240;
  private static final double LEFT = 10;
  private static final double RIGHT = 290;
  private static final double TOP = 12;
  private static final double BOTTOM = 108;

  private CurvePath() {}

  /** The SVG elements of the curve; points that are not finite leave gaps. */
  static String svg(List<Report.Point> points) {
    List<Report.Point> drawn = thinned(points);
    double low =
        drawn.stream().mapToDouble(Report.Point::value).filter(Double::isFinite).min().orElse(0);
    double high =
        drawn.stream().mapToDouble(Report.Point::value).filter(Double::isFinite).max().orElse(0);
    int first = drawn.get(0).step();
    int last = drawn.get(drawn.size() - 1).step();
    var path = new StringBuilder();
    var dots = new StringBuilder();
    boolean penIsDown = false;
    for (int i = 0; i < drawn.size(); i++) {
      Report.Point point = drawn.get(i);
      if (!Double.isFinite(point.value())) {
        penIsDown = false;
        continue;
      }
      double x = LEFT + (RIGHT - LEFT) * share(point.step(), first, last);
      double y = BOTTOM - (BOTTOM - TOP) * share(point.value(), low, high);
      boolean isAlone =
          !penIsDown && (i + 1 == drawn.size() || !Double.isFinite(drawn.get(i + 1).value()));
      if (isAlone) {
        dots.append(
            String.format(
                Locale.ROOT, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>", x, y));
      } else {
        path.append(String.format(Locale.ROOT, "%s%.1f,%.1f", penIsDown ? "L" : "M", x, y));
        penIsDown = true;
      }
    }
    return (path.isEmpty() ? "" : "<path class=\"line\" d=\"" + path + "\"/>") + dots;
  }

  static List<Report.Point> thinned(List<Report.Point> points) {
    if (points.size() <= MAX_POINTS) {
      return points;
    }
    int slices = MAX_POINTS / 2;
    List<Report.Point> kept = new ArrayList<>();
    for (int slice = 0; slice < slices; slice++) {
      int from = (int) ((long) points.size() * slice / slices);
      int to = (int) ((long) points.size() * (slice + 1) / slices);
      int lowest = from;
      int highest = from;
      for (int i = from; i < to; i++) {
        lowest = points.get(i).value() < points.get(lowest).value() ? i : lowest;
        highest = points.get(i).value() > points.get(highest).value() ? i : highest;
      }
      kept.add(points.get(Math.min(lowest, highest)));
      if (lowest != highest) {
        kept.add(points.get(Math.max(lowest, highest)));
      }
    }
    return kept;
  }

  private static double share(double value, double low, double high) {
    // Halves first: the difference of two finite numbers can overflow.
    return high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
  }
}
