package org.attune.model.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.attune.model.generate.Generation.FinishReason;
import org.attune.model.generate.logits.TokenHistory;
import org.attune.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/** Draws each sample's tokens from a random stream of its own, or takes the likeliest if greedy. */
final class SamplingSearch implements Search {
  private final GenerationRequest request;
  private final TokenSampler sampler;
  private final int maxLength;
  private final List<Sample> samples = new ArrayList<>();

  private final class Sample {
    private final int index;
    private final TokenHistory history = new TokenHistory(request.prompt(), maxLength);
    private final RandomGenerator random;
    private final @Nullable TextStream text;
    private @Nullable FinishReason finished;

    Sample(int index, @Nullable Tokenizer tokenizer) {
      this.index = index;
      random = TokenSampler.random(request.config().seed(), request.firstStream() + index);
      text =
          tokenizer == null
              ? null
              : new TextStream(
                  tokenizer,
                  request.prompt(),
                  request.config().stopStrings(),
                  piece -> request.listener().onText(index, piece));
    }

    void draw(float[] logits) {
      int token = sampler.next(logits, history, random);
      history.add(token);
      boolean isWanted = request.listener().onToken(index, token);
      boolean isStopped = text != null && text.add(token);
      if (isStopped || request.endIds().contains(token)) {
        finished = FinishReason.STOP;
      } else if (!isWanted) {
        finished = FinishReason.CANCELLED;
      } else if (history.isFull()) {
        finished = FinishReason.LENGTH;
      }
      if (finished != null && text != null) {
        text.end();
      }
    }

    Generation generation() {
      return new Generation(history.written(), finished == null ? FinishReason.LENGTH : finished);
    }
  }

  /**
   * @param tokenizer for those who read text; null if nobody does
   */
  SamplingSearch(
      GenerationRequest request,
      TokenSampler sampler,
      int maxLength,
      @Nullable Tokenizer tokenizer) {
    this.request = request;
    this.sampler = sampler;
    this.maxLength = maxLength;
    for (int i = 0; i < request.config().samplesPerPrompt(); i++) {
      samples.add(new Sample(i, tokenizer));
    }
  }

  @Override
  public List<Row> advance(Logits logits, int[] rows) {
    List<Row> next = new ArrayList<>();
    int turn = 0;
    boolean isFirst = samples.get(0).history.writtenLength() == 0;
    for (Sample sample : samples) {
      if (sample.finished == null) {
        int row = isFirst ? rows[0] : rows[turn++];
        sample.draw(logits.row(row));
        if (sample.finished == null) {
          next.add(new Row(row, sample.history.newest(), sample.history.length() - 1));
        }
      }
    }
    return next;
  }

  @Override
  public List<Generation> generations() {
    return samples.stream().map(Sample::generation).toList();
  }

  @Override
  public int further() {
    return maxLength - request.prompt().length;
  }
}
