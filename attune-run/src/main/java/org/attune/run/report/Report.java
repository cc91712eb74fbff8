package org.attune.run.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a report says: the verdict first, then the evidence, then where it came from and what to do
 * next. All texts are plain; {@link ReportWriter} makes them safe for HTML.
 *
 * @param title the finding in one line
 * @param subtitle name of the run
 * @param facts further facts for the line below the title, such as {@code seed 42}
 * @param verdict null for a run that is not judged, or not yet
 * @param intervals differences with their doubt
 * @param curves measurements over the steps
 * @param samples prompts, each with what the models made of it
 * @param lineage from the first source to the final checkpoint
 * @param next commands to try
 */
public record Report(
    String title,
    String subtitle,
    List<String> facts,
    @Nullable Verdict verdict,
    List<Interval> intervals,
    List<Curve> curves,
    List<Sample> samples,
    List<LineageStep> lineage,
    List<NextCommand> next) {

  /** How a verdict is coloured and marked. */
  public enum Tone {
    GOOD,
    MIXED,
    BAD
  }

  /**
   * The answer to "did it work?".
   *
   * @param headline a short sentence
   * @param text why
   */
  public record Verdict(Tone tone, String headline, String text) {}

  /**
   * A mean and its confidence interval.
   *
   * @param label what was measured
   * @param value the mean
   * @param low lower end
   * @param high upper end
   */
  public record Interval(String label, double value, double low, double high) {}

  /**
   * A measurement over the steps of a run; values that are not finite leave a gap.
   *
   * @param caption short result beside the title, such as {@code 1.93 nats per token}
   */
  public record Curve(String title, String caption, List<Point> points) {
    public Curve {
      points = List.copyOf(points);
    }
  }

  /** One point of a curve. */
  public record Point(int step, double value) {}

  /** A prompt and what each model continued it with. */
  public record Sample(String prompt, List<Completion> completions) {
    public Sample {
      completions = List.copyOf(completions);
    }
  }

  /**
   * A text that a model generated.
   *
   * @param model which one, such as {@code After SFT}
   * @param score what was measured of it, such as {@code reward −0.3}; may be empty
   */
  public record Completion(String model, String text, String score) {}

  /**
   * A station of the lineage.
   *
   * @param how the way from here to the next one, such as {@code unified by mean}; may be empty
   */
  public record LineageStep(String what, String how) {}

  /** A command and what it does. */
  public record NextCommand(String command, String purpose) {}

  public Report {
    facts = List.copyOf(facts);
    intervals = List.copyOf(intervals);
    curves = List.copyOf(curves);
    samples = List.copyOf(samples);
    lineage = List.copyOf(lineage);
    next = List.copyOf(next);
  }
}
