package org.attune.run.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReportWriterTest {
  private static final Report EMPTY =
      new Report(
          "Training has begun",
          "runs/a",
          List.of(),
          null,
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of());

  private static final Report FULL =
      new Report(
          "People’s ratings made this model better",
          "quickstart",
          List.of("2 min 41 s", "seed 42"),
          new Report.Verdict(Report.Tone.GOOD, "Yes, and not only by its own measure.", "It has."),
          List.of(
              new Report.Interval("Reward, tuned minus SFT", 0.62, 0.51, 0.73),
              new Report.Interval("Variety", -0.03, -0.07, 0.01)),
          List.of(
              new Report.Curve(
                  "SFT loss",
                  "1.93 nats per token",
                  List.of(
                      new Report.Point(0, 3), new Report.Point(300, 2), new Report.Point(600, 1)))),
          List.of(
              new Report.Sample(
                  "One day, <Tom>",
                  List.of(
                      new Report.Completion("Before", "ran & ran", "reward −0.3"),
                      new Report.Completion("After PPO", "</div><script>x</script>", "+0.9")))),
          List.of(
              new Report.LineageStep("10 605 sentences", "rated by people"),
              new Report.LineageStep("checkpoint step-120", "")),
          List.of(new Report.NextCommand("./attune chat --model \"a b\"", "talk to it")));

  @Test
  void a_report_needs_no_other_file_and_no_network() {
    assertThat(ReportWriter.write(FULL))
        .startsWith("<!doctype html>")
        .contains("prefers-color-scheme: dark")
        .doesNotContain("http:", "https:", "<link", "src=", "@import", "url(");
  }

  @Test
  void texts_cannot_become_markup() {
    assertThat(ReportWriter.write(FULL))
        .doesNotContain("<script", "<Tom>")
        .contains(
            "One day, &lt;Tom&gt;",
            "◆ ran &amp; ran",
            "◆ &lt;/div&gt;&lt;script&gt;x&lt;/script&gt;",
            "<code>./attune chat --model &quot;a b&quot;</code> talk to it");
  }

  @Test
  void every_section_is_there() {
    assertThat(ReportWriter.write(FULL))
        .contains("<title>quickstart · Attune report</title>")
        .contains("<h1>People’s ratings made this model better</h1>")
        .contains("quickstart · 2 min 41 s · seed 42")
        .contains("<div class=\"verdict good\" role=\"status\">")
        .contains("<b>Yes, and not only by its own measure.</b> It has.")
        .contains("<th scope=\"row\">Reward, tuned minus SFT</th><td class=\"number\">+0.62</td>")
        .contains("aria-label=\"+0.62, from +0.51 … +0.73\"")
        .contains("<td class=\"number muted\">−0.07 … +0.01</td>")
        .contains("M10.0,12.0L150.0,60.0L290.0,108.0")
        .contains("aria-label=\"SFT loss: from 3.000 at step 0 to 1.000 at step 600\"")
        .contains(">600 steps</text>")
        .contains("<li><b>10 605 sentences</b><span>rated by people →</span></li>")
        .contains("<li><b>checkpoint step-120</b></li>");
  }

  @Test
  void an_empty_report_says_what_will_appear() {
    assertThat(ReportWriter.write(EMPTY))
        .contains("No measurements yet. They appear with the first training.logging-steps steps.")
        .contains("No generated texts yet.")
        .contains("Not recorded. Look into the run's manifest.json.")
        .doesNotContain("class=\"verdict ", "<h2>Next</h2>", "Before and after");
  }

  @Test
  void characters_that_no_page_may_hold_are_replaced() {
    Report odd =
        new Report(
            "a\u0000b\ud800c\u001b[0m😀日本\u202e",
            "x",
            List.of(),
            null,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());

    assertThat(ReportWriter.write(odd)).contains("<h1>a\ufffdb\ufffdc\ufffd[0m😀日本\u202e</h1>");
  }

  @Test
  void a_text_with_a_percent_sign_stays_as_it_is() {
    Report odd =
        new Report(
            "100 %s %d %",
            "x", List.of(), null, List.of(), List.of(), List.of(), List.of(), List.of());

    assertThat(ReportWriter.write(odd)).contains("<h1>100 %s %d %</h1>");
  }

  @Test
  void intervals_and_curves_that_are_not_finite_or_have_no_width_still_draw() {
    Report odd =
        new Report(
            "t",
            "x",
            List.of(),
            null,
            List.of(
                new Report.Interval("none", Double.NaN, Double.NaN, Double.POSITIVE_INFINITY),
                new Report.Interval("zero", 0, 0, 0)),
            List.of(
                new Report.Curve("empty", "", List.of()),
                new Report.Curve("one", "", List.of(new Report.Point(5, 2))),
                new Report.Curve("nan", "", List.of(new Report.Point(5, Double.NaN))),
                new Report.Curve(
                    "huge",
                    "",
                    List.of(
                        new Report.Point(1, -Double.MAX_VALUE),
                        new Report.Point(2, Double.MAX_VALUE)))),
            List.of(),
            List.of(),
            List.of());

    assertThat(ReportWriter.write(odd))
        .contains("not a number", "<circle class=\"dot\" cx=\"150.0\" cy=\"60.0\"")
        .doesNotContain("NaN", "Infinity");
  }

  @Test
  void long_curves_are_thinned_but_keep_their_spikes() {
    List<Report.Point> points =
        new ArrayList<>(IntStream.range(0, 100_000).mapToObj(i -> new Report.Point(i, 1)).toList());
    points.set(54_321, new Report.Point(54_321, 99));

    List<Report.Point> thinned = CurvePath.thinned(points);

    assertThat(thinned).hasSizeLessThanOrEqualTo(CurvePath.MAX_POINTS);
    assertThat(thinned).contains(new Report.Point(54_321, 99));
    assertThat(thinned).extracting(Report.Point::step).isSorted();
  }

  @Test
  void a_value_that_is_missing_leaves_a_gap() {
    assertThat(
            CurvePath.svg(
                List.of(
                    new Report.Point(0, 0),
                    new Report.Point(1, 1),
                    new Report.Point(2, Double.NaN),
                    new Report.Point(3, 0),
                    new Report.Point(4, 1))))
        .isEqualTo("<path class=\"line\" d=\"M10.0,108.0L80.0,12.0M220.0,108.0L290.0,12.0\"/>");
  }

  @Test
  void numbers_have_thin_spaces_and_true_minus_signs() {
    assertThat(Numbers.whole(-1_234_567)).isEqualTo("−1\u2009234\u2009567");
    assertThat(Numbers.decimal(1234.5, 2)).isEqualTo("1\u2009234.50");
    assertThat(Numbers.decimal(-0.001, 2)).isEqualTo("0.00");
    assertThat(Numbers.signed(0.5, 1)).isEqualTo("+0.5");
    assertThat(Numbers.signed(0.001, 2)).isEqualTo("0.00");
    assertThat(Numbers.signed(Double.POSITIVE_INFINITY, 2)).isEqualTo("+∞");
    assertThat(Numbers.signed(-2, 0)).isEqualTo("−2");
    assertThat(Numbers.decimal(Double.NaN, 2)).isEqualTo("not a number");
  }
}
