package org.attune.run.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Writes a {@link Report} as one HTML file that needs nothing beside it and no network. */
public final class ReportWriter {
  private final Report report;
  private final StringBuilder html = new StringBuilder();

  private ReportWriter(Report report) {
    this.report = report;
  }

  /** {@code report} as a whole HTML page. */
  public static String write(Report report) {
    return new ReportWriter(report).page();
  }

  private String page() {
    line("<!doctype html>");
    line("<html lang=\"en\"><head><meta charset=\"utf-8\">");
    line("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    line("<title>%s · Attune report</title>", report.subtitle());
    html.append("<style>\n").append(resource("tokens.css")).append(resource("report.css"));
    line("</style></head>");
    line("<body><main>");
    head();
    intervals();
    curves();
    samples();
    lineage();
    next();
    line("</main></body></html>");
    return html.toString();
  }

  private void head() {
    line("<h1>%s</h1>", report.title());
    html.append("<div class=\"muted\">").append(escaped(report.subtitle()));
    report.facts().forEach(fact -> html.append(" · ").append(escaped(fact)));
    line("</div>");
    Report.Verdict verdict = report.verdict();
    if (verdict != null) {
      String sign =
          switch (verdict.tone()) {
            case GOOD -> "✓";
            case MIXED -> "≈";
            case BAD -> "✗";
          };
      line(
          "<div class=\"verdict %s\" role=\"status\"><span aria-hidden=\"true\">%s</span>"
              + "<p><b>%s</b> %s</p></div>",
          verdict.tone().name().toLowerCase(Locale.ROOT), sign, verdict.headline(), verdict.text());
    }
  }

  private void intervals() {
    if (report.intervals().isEmpty()) {
      return;
    }
    double low =
        Math.min(0, report.intervals().stream().mapToDouble(i -> ends(i)[0]).min().orElse(0));
    double high =
        Math.max(0, report.intervals().stream().mapToDouble(i -> ends(i)[1]).max().orElse(0));
    double margin = (high - low) * 0.08 + Double.MIN_NORMAL;
    low -= margin;
    high += margin;
    line("<h2>Before and after, on unseen prompts</h2>");
    line("<div class=\"card\"><table>");
    line(
        "<thead><tr><th scope=\"col\">Measure</th><th scope=\"col\" class=\"number\">Mean</th>"
            + "<th scope=\"col\"><span aria-hidden=\"true\"></span></th>"
            + "<th scope=\"col\" class=\"number\">95 % interval</th></tr></thead><tbody>");
    for (Report.Interval interval : report.intervals()) {
      interval(interval, low, high);
    }
    line("</tbody></table></div>");
    line(
        "<p class=\"note\">Dots are means, lines 95 % paired bootstrap intervals. The grey mark is"
            + " no change.</p>");
  }

  private void interval(Report.Interval interval, double low, double high) {
    double[] ends = ends(interval);
    String range = Numbers.signed(interval.low(), 2) + " … " + Numbers.signed(interval.high(), 2);
    String mean = Numbers.signed(interval.value(), 2);
    line(
        "<tr><th scope=\"row\">%s</th><td class=\"number\">%s</td>"
            + "<td><div class=\"interval\" role=\"img\" aria-label=\"%s, from %s\">"
            + "<i class=\"zero\" style=\"left:%s\"></i>"
            + "<i class=\"range\" style=\"left:%s;width:%s\"></i>"
            + "<i class=\"point\" style=\"left:%s\"></i></div></td>"
            + "<td class=\"number muted\">%s</td></tr>",
        interval.label(),
        mean,
        mean,
        range,
        percent((0 - low) / (high - low)),
        percent((ends[0] - low) / (high - low)),
        percent((ends[1] - ends[0]) / (high - low)),
        percent((finite(interval.value()) - low) / (high - low)),
        range);
  }

  private static double[] ends(Report.Interval interval) {
    double value = finite(interval.value());
    return new double[] {
      Math.min(finite(interval.low()), value), Math.max(finite(interval.high()), value)
    };
  }

  private static double finite(double value) {
    return Double.isFinite(value) ? value : 0;
  }

  private void curves() {
    line("<h2>Training</h2>");
    if (report.curves().isEmpty()) {
      line(
          "<p class=\"empty\">No measurements yet. They appear with the first"
              + " training.logging-steps steps.</p>");
      return;
    }
    line("<div class=\"curves\">");
    report.curves().forEach(this::curve);
    line("</div>");
  }

  private void curve(Report.Curve curve) {
    line(
        "<figure><figcaption><b>%s</b><span>%s</span></figcaption>",
        curve.title(), curve.caption());
    List<Report.Point> points = curve.points();
    if (points.isEmpty()) {
      line("<p class=\"note\">No measurements yet.</p></figure>");
      return;
    }
    Report.Point first = points.get(0);
    Report.Point last = points.get(points.size() - 1);
    line(
        "<svg viewBox=\"0 0 300 120\" role=\"img\" aria-label=\"%s: from %s at step %s to %s at"
            + " step %s\">",
        curve.title(),
        Numbers.decimal(first.value(), 3),
        Numbers.whole(first.step()),
        Numbers.decimal(last.value(), 3),
        Numbers.whole(last.step()));
    line("<line x1=\"10\" y1=\"108\" x2=\"290\" y2=\"108\" class=\"axis\"/>");
    html.append(CurvePath.svg(points));
    line("<text x=\"10\" y=\"118\">%s</text>", Numbers.whole(first.step()));
    line(
        "<text x=\"290\" y=\"118\" text-anchor=\"end\">%s steps</text></svg></figure>",
        Numbers.whole(last.step()));
  }

  private void samples() {
    line("<h2>Read it yourself</h2>");
    if (report.samples().isEmpty()) {
      line(
          "<p class=\"empty\">No generated texts yet. A run that generates, such as PPO, shows them"
              + " here.</p>");
      return;
    }
    for (Report.Sample sample : report.samples()) {
      line("<div class=\"samples\">");
      for (Report.Completion completion : sample.completions()) {
        line(
            "<div><h3>%s <span class=\"machine\">%s</span></h3>"
                + "<p dir=\"auto\"><q>%s</q> <span class=\"machine\">◆ %s</span></p></div>",
            completion.model(), completion.score(), sample.prompt(), completion.text());
      }
      line("</div>");
    }
    line("<p class=\"note\">Grey is the prompt; ◆ marks what a model wrote or scored.</p>");
  }

  private void lineage() {
    line("<h2>Where it came from</h2>");
    if (report.lineage().isEmpty()) {
      line("<p class=\"empty\">Not recorded. Look into the run's manifest.json.</p>");
      return;
    }
    line("<ol class=\"flow\">");
    for (int i = 0; i < report.lineage().size(); i++) {
      Report.LineageStep step = report.lineage().get(i);
      String arrow =
          i + 1 < report.lineage().size()
              ? "<span>" + escaped((step.how() + " →").strip()) + "</span>"
              : "";
      html.append("<li><b>").append(escaped(step.what())).append("</b>").append(arrow);
      line("</li>");
    }
    line("</ol>");
  }

  private void next() {
    if (report.next().isEmpty()) {
      return;
    }
    line("<h2>Next</h2><ul class=\"next\">");
    report
        .next()
        .forEach(next -> line("<li><code>%s</code> %s</li>", next.command(), next.purpose()));
    line("</ul>");
  }

  /** Appends a line of HTML; {@code %s} takes the texts, escaped. */
  private void line(String markup, String... texts) {
    Object[] escaped = new Object[texts.length];
    for (int i = 0; i < texts.length; i++) {
      escaped[i] = escaped(texts[i]);
    }
    html.append(texts.length == 0 ? markup : String.format(Locale.ROOT, markup, escaped))
        .append('\n');
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  /** Characters that a page cannot contain become the replacement character. */
  private static String escaped(String text) {
    var out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isAllowed(c) ? c : 0xfffd);
              }
            });
    return out.toString();
  }

  private static boolean isAllowed(int c) {
    boolean isControl = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
    boolean isLoneSurrogate = c >= 0xd800 && c <= 0xdfff;
    return !isControl && !isLoneSurrogate;
  }

  private static String resource(String name) {
    try (InputStream in = ReportWriter.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
