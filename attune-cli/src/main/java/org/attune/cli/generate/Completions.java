package org.attune.cli.generate;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import org.attune.model.generate.GenerationListener;
import org.jspecify.annotations.Nullable;

/** Collects the text of each sample; a single one can be read as it comes. */
final class Completions implements GenerationListener {
  private final List<StringBuilder> texts;
  private final @Nullable PrintWriter live;

  /**
   * @param out where a single sample is printed as it comes; null for nowhere
   */
  Completions(int samples, @Nullable PrintWriter out) {
    texts = Stream.generate(StringBuilder::new).limit(samples).toList();
    live = samples == 1 ? out : null;
  }

  @Override
  public void onText(int sample, String piece) {
    texts.get(sample).append(piece);
    if (live != null) {
      live.print(piece);
      live.flush();
    }
  }

  String text(int sample) {
    return texts.get(sample).toString();
  }

  /** Ends the line of a sample, after its text where that was not printed as it came. */
  void print(int sample, PrintWriter out) {
    out.println(live == null ? text(sample) : "");
    out.flush();
  }
}
