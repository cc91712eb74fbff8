package org.attune.model.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.attune.model.generate.logits.BadWords;
import org.attune.model.generate.logits.EpsilonCutoff;
import org.attune.model.generate.logits.EtaCutoff;
import org.attune.model.generate.logits.ForcedTokens;
import org.attune.model.generate.logits.LengthDecay;
import org.attune.model.generate.logits.LogitsProcessor;
import org.attune.model.generate.logits.MinLength;
import org.attune.model.generate.logits.MinP;
import org.attune.model.generate.logits.NoRepeatedNgram;
import org.attune.model.generate.logits.OccurrencePenalty;
import org.attune.model.generate.logits.ProbabilityFilter;
import org.attune.model.generate.logits.Renormalization;
import org.attune.model.generate.logits.RepetitionPenalty;
import org.attune.model.generate.logits.SequenceBias;
import org.attune.model.generate.logits.SuppressedTokens;
import org.attune.model.generate.logits.Temperature;
import org.attune.model.generate.logits.TokenDistribution;
import org.attune.model.generate.logits.TokenHistory;
import org.attune.model.generate.logits.TopK;
import org.attune.model.generate.logits.TopP;
import org.attune.model.generate.logits.TypicalP;

/**
 * All that a configuration does to a row of logits, in the order of {@code
 * GenerationMixin._get_logits_processor} of transformers: sequence bias, repetition penalty,
 * (presence and frequency penalties,) forbidden n-grams, bad words, minimum lengths, forced tokens,
 * length decay, suppressed tokens, temperature, top-k, top-p, min-p, typical-p, epsilon and eta
 * cutoff, renormalization. What is off is left out.
 *
 * <p>Rules reuse their buffers, so each thread needs its own.
 */
final class LogitsRules {
  private final SamplingConfig config;
  private final List<LogitsProcessor> processors = new ArrayList<>();
  private final List<ProbabilityFilter> filters = new ArrayList<>();
  private final TokenDistribution distribution;
  private final int vocabularySize;

  LogitsRules(SamplingConfig config, Set<Integer> endIds, int vocabularySize) {
    this.config = config;
    this.vocabularySize = vocabularySize;
    distribution = new TokenDistribution(vocabularySize);
    requireKnownTokens();
    // some models name end tokens that they have no logit for
    int[] ends =
        endIds.stream().mapToInt(Integer::intValue).filter(id -> id < vocabularySize).toArray();
    addPenalties();
    addTokenRules(endIds, ends);
    // a beam that could only end would have nothing to go on with
    int kept = config.beams().beams() > 1 ? Math.max(2, endIds.size() + 1) : 1;
    addDraw(kept);
  }

  private void requireKnownTokens() {
    List<Integer> unknown =
        config.rules().ids().stream().filter(id -> id >= vocabularySize).distinct().toList();
    if (!unknown.isEmpty()) {
      throw new InvalidSamplingException(
          List.of(
              "token rules name the ids %s, but the model's vocabulary has %,d tokens. Use ids below that."
                  .formatted(unknown, vocabularySize)));
    }
  }

  private void addPenalties() {
    Penalties penalties = config.penalties();
    add(!config.rules().sequenceBias().isEmpty(), new SequenceBias(config.rules().sequenceBias()));
    add(penalties.repetition() != 1, new RepetitionPenalty(penalties.repetition(), vocabularySize));
    add(
        penalties.presence() != 0 || penalties.frequency() != 0,
        new OccurrencePenalty(penalties.presence(), penalties.frequency(), vocabularySize));
  }

  private void addTokenRules(Set<Integer> endIds, int[] ends) {
    TokenRules rules = config.rules();
    LengthLimits lengths = config.lengths();
    Penalties penalties = config.penalties();
    if (rules.noRepeatNgramSize() > 0) {
      processors.add(new NoRepeatedNgram(rules.noRepeatNgramSize()));
    }
    add(!rules.badWords().isEmpty(), new BadWords(rules.badWords(), endIds));
    add(
        lengths.minLength() > 0 || lengths.minNewTokens() > 0,
        new MinLength(lengths.minLength(), lengths.minNewTokens(), ends));
    rules.forcedSecond().ifPresent(id -> processors.add(ForcedTokens.second(id)));
    add(!rules.forcedLast().isEmpty(), ForcedTokens.last(rules.forcedLast()));
    add(
        penalties.lengthDecayFactor() != 1,
        new LengthDecay(penalties.lengthDecayStart(), penalties.lengthDecayFactor(), ends));
    add(!rules.suppressed().isEmpty(), SuppressedTokens.always(rules.suppressed()));
    add(
        !rules.suppressedAtBegin().isEmpty(),
        SuppressedTokens.atBegin(rules.suppressedAtBegin(), rules.forcedSecond().isPresent()));
  }

  private void addDraw(int kept) {
    DrawSettings draw = config.draw();
    if (config.isGreedy()) {
      return;
    }
    if (draw.temperature() != 1) {
      processors.add(new Temperature(draw.temperature()));
    }
    add(draw.topK() > 0, new TopK(Math.max(kept, draw.topK())));
    if (draw.topP() < 1) {
      filters.add(new TopP(draw.topP(), kept));
    }
    if (draw.minP() > 0) {
      filters.add(new MinP(draw.minP(), kept));
    }
    if (draw.typicalP() < 1) {
      filters.add(new TypicalP(draw.typicalP(), kept));
    }
    if (draw.epsilonCutoff() > 0) {
      filters.add(new EpsilonCutoff(draw.epsilonCutoff(), kept));
    }
    if (draw.etaCutoff() > 0) {
      filters.add(new EtaCutoff(draw.etaCutoff(), kept));
    }
  }

  private void add(boolean isOn, LogitsProcessor processor) {
    if (isOn) {
      processors.add(processor);
    }
  }

  /**
   * Changes a row of logits in place by everything up to top-k.
   *
   * @return the likeliest token, the first one of several
   */
  int process(float[] logits, TokenHistory history) {
    for (LogitsProcessor processor : processors) {
      processor.process(logits, history);
    }
    int likeliest = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[likeliest]) {
        likeliest = id;
      }
    }
    if (logits[likeliest] == Float.NEGATIVE_INFINITY) {
      throw new NonFiniteLogitsException(
          ("Every token is forbidden after %d new tokens, by no-repeat-ngram-size %d,"
                  + " min-new-tokens %d, min-length %d, bad-words, or suppressed tokens. Loosen"
                  + " them.")
              .formatted(
                  history.writtenLength(),
                  config.rules().noRepeatNgramSize(),
                  config.lengths().minNewTokens(),
                  config.lengths().minLength()));
    }
    return likeliest;
  }

  /** The distribution that processed logits make after the filters; the next call changes it. */
  TokenDistribution distribution(float[] processed) {
    distribution.setSoftmax(processed);
    filters.forEach(filter -> filter.filter(distribution));
    return distribution;
  }

  /** As {@link #process}, where filters and renormalization too act on the logits. */
  void processAll(float[] logits, TokenHistory history) {
    process(logits, history);
    if (!filters.isEmpty()) {
      TokenDistribution left = distribution(logits);
      for (int id = 0; id < logits.length; id++) {
        if (left.probability(id) == 0) {
          logits[id] = Float.NEGATIVE_INFINITY;
        }
      }
    }
    if (config.renormalize()) {
      new Renormalization().process(logits, history);
    }
  }
}
