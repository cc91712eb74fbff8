package org.attune.model.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.attune.model.generate.BeamSettings.EarlyStopping;
import org.attune.model.generate.Generation.FinishReason;
import org.attune.model.generate.logits.Renormalization;
import org.attune.model.generate.logits.TokenHistory;
import org.attune.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Beam search as transformers does it ({@code GenerationMixin._beam_search}), and beam sampling.
 *
 * <p>Each step:
 *
 * <ol>
 *   <li>the log-probabilities of every beam's next tokens pass the rules and are added to the
 *       beam's own;
 *   <li>of all continuations the best (1 + end tokens) · beams are candidates, or as many drawn
 *       without replacement;
 *   <li>candidates that end compete for the finished places if they are among the first {@code
 *       beams}, with the score log p / length^penalty;
 *   <li>the best that do not end are the beams of the next step.
 * </ol>
 */
final class BeamSearch implements Search {
  private final GenerationRequest request;
  private final LogitsRules rules;
  private final int maxLength;
  private final int beams;
  private final BeamSettings settings;
  private final RandomGenerator random;
  private final @Nullable Tokenizer tokenizer;
  private List<Beam> running = new ArrayList<>();
  private List<Finished> finished = new ArrayList<>();

  private record Beam(TokenHistory history, double logProbability) {}

  private record Finished(int[] written, double score, FinishReason reason) {}

  /**
   * A continuation of a beam by a token.
   *
   * @param beam which one, from 0
   */
  private record Candidate(int beam, TokenHistory history, double logProbability) {}

  /**
   * @param tokenizer for those who read text; null if nobody does
   */
  BeamSearch(
      GenerationRequest request, LogitsRules rules, int maxLength, @Nullable Tokenizer tokenizer) {
    this.request = request;
    this.rules = rules;
    this.maxLength = maxLength;
    this.tokenizer = tokenizer;
    settings = request.config().beams();
    beams = settings.beams();
    random = TokenSampler.random(request.config().seed(), request.firstStream());
    running.add(new Beam(new TokenHistory(request.prompt(), maxLength), 0));
  }

  @Override
  public List<Row> advance(Logits logits, int[] rows) {
    List<Candidate> candidates = candidates(logits, rows);
    List<Candidate> going = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      FinishReason reason = reason(candidate.history);
      if (reason == null) {
        going.add(candidate);
      } else if (i < beams) {
        finished.add(new Finished(candidate.history.written(), score(candidate), reason));
      }
    }
    finished.sort(Comparator.comparingDouble(Finished::score).reversed());
    finished = new ArrayList<>(finished.subList(0, Math.min(beams, finished.size())));
    going.sort(Comparator.comparingDouble(Candidate::logProbability).reversed());
    going = going.subList(0, Math.min(beams, going.size()));
    running = going.stream().map(each -> new Beam(each.history, each.logProbability)).toList();
    if (running.isEmpty() || isSettled()) {
      tell();
      return List.of();
    }
    return going.stream()
        .map(each -> new Row(rows[each.beam], each.history.newest(), each.history.length() - 1))
        .toList();
  }

  private List<Candidate> candidates(Logits logits, int[] rows) {
    int wanted = Math.max(2, 1 + request.endIds().size()) * beams;
    float[][] scores = new float[running.size()][];
    for (int beam = 0; beam < scores.length; beam++) {
      Beam from = running.get(beam);
      float[] row = logits.row(rows[beam]);
      NonFiniteLogitsException.requireFinite(row);
      new Renormalization().process(row, from.history);
      rules.processAll(row, from.history);
      for (int id = 0; id < row.length; id++) {
        row[id] += (float) from.logProbability;
      }
      scores[beam] = row;
    }
    BeamCandidates choice = new BeamCandidates(scores);
    int[] places = request.config().isGreedy() ? choice.best(wanted) : choice.drawn(wanted, random);
    List<Candidate> candidates = new ArrayList<>();
    for (int place : places) {
      int beam = place / logits.vocabularySize();
      int token = place % logits.vocabularySize();
      TokenHistory history = running.get(beam).history.with(token);
      candidates.add(new Candidate(beam, history, scores[beam][token]));
    }
    return candidates;
  }

  private @Nullable FinishReason reason(TokenHistory history) {
    if (request.endIds().contains(history.newest()) || endsWithStopString(history)) {
      return FinishReason.STOP;
    }
    return history.isFull() ? FinishReason.LENGTH : null;
  }

  private boolean endsWithStopString(TokenHistory history) {
    List<String> stops = request.config().stopStrings();
    if (stops.isEmpty() || tokenizer == null) {
      return false;
    }
    String text = tokenizer.continuation(request.prompt(), history.written());
    return stops.stream().anyMatch(text::contains);
  }

  private double score(Candidate candidate) {
    return candidate.logProbability
        / Math.pow(candidate.history.writtenLength(), settings.lengthPenalty());
  }

  /** Whether no further step can change the finished ones, by the rule that is set. */
  private boolean isSettled() {
    if (finished.size() < beams) {
      return false;
    }
    if (settings.earlyStopping() == EarlyStopping.YES) {
      return true;
    }
    Beam best = running.get(0);
    int length =
        settings.earlyStopping() == EarlyStopping.NEVER && settings.lengthPenalty() > 0
            ? maxLength - request.prompt().length
            : best.history.writtenLength();
    double possible = best.logProbability / Math.pow(length, settings.lengthPenalty());
    return possible <= finished.get(beams - 1).score;
  }

  private void tell() {
    List<Generation> results = generations();
    for (int i = 0; i < results.size(); i++) {
      int sample = i;
      TextStream text =
          tokenizer == null
              ? null
              : new TextStream(
                  tokenizer,
                  request.prompt(),
                  request.config().stopStrings(),
                  piece -> request.listener().onText(sample, piece));
      for (int token : results.get(i).tokens()) {
        request.listener().onToken(sample, token);
        if (text != null) {
          text.add(token);
        }
      }
      if (text != null) {
        text.end();
      }
    }
  }

  @Override
  public List<Generation> generations() {
    return finished.stream()
        .limit(request.config().samplesPerPrompt())
        .map(beam -> new Generation(beam.written, beam.reason, OptionalDouble.of(beam.score)))
        .toList();
  }

  @Override
  public int further() {
    return maxLength - request.prompt().length;
  }
}
