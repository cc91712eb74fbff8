package org.attune.model.generate;

/**
 * What makes tokens less likely by what came before.
 *
 * @param repetition divides positive logits of tokens that occurred in the prompt or after it, and
 *     multiplies negative ones; default 1, off
 * @param presence is subtracted from the logit of a token that was written; default 0
 * @param frequency is subtracted for each time a token was written; default 0
 * @param lengthDecayStart new tokens after which the end gets likelier with each further one;
 *     default 0
 * @param lengthDecayFactor how much likelier; default 1, off
 */
public record Penalties(
    double repetition,
    double presence,
    double frequency,
    int lengthDecayStart,
    double lengthDecayFactor) {

  void check(Problems problems) {
    problems.require(
        repetition > 0 && Double.isFinite(repetition),
        "repetition-penalty must be > 0 but was %s. Use 1 for none.",
        repetition);
    problems.require(
        Double.isFinite(presence),
        "presence-penalty must be a finite number but was %s. Use 0 for none.",
        presence);
    problems.require(
        Double.isFinite(frequency),
        "frequency-penalty must be a finite number but was %s. Use 0 for none.",
        frequency);
    problems.require(
        lengthDecayStart >= 0,
        "length-decay must start at a number of new tokens >= 0 but was %s. Use 0 for at once.",
        lengthDecayStart);
    problems.require(
        lengthDecayFactor > 0 && Double.isFinite(lengthDecayFactor),
        "length-decay must have a factor > 0 but was %s. Use 1 for none.",
        lengthDecayFactor);
  }
}
