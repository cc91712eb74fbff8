package org.attune.model.generate;

/**
 * The distribution that tokens are drawn from. Filters apply in the order of the components.
 *
 * @param temperature divides the logits; 0 is greedy, which takes the likeliest token and ignores
 *     the other components; default 1
 * @param topK keeps that many of the likeliest tokens, and those equal to the last; 0 is off, the
 *     default
 * @param topP keeps the likeliest tokens up to that total probability, in (0, 1]; default 1, off
 * @param minP drops tokens less likely than that part of the likeliest, in [0, 1]; default 0, off
 * @param typicalP keeps the tokens whose information is closest to the entropy up to that total
 *     probability, in (0, 1]; default 1, off
 * @param epsilonCutoff drops tokens of lower probability, in [0, 1); default 0, off
 * @param etaCutoff drops tokens of a lower probability that falls with the entropy, in [0, 1);
 *     default 0, off
 */
public record DrawSettings(
    double temperature,
    int topK,
    double topP,
    double minP,
    double typicalP,
    double epsilonCutoff,
    double etaCutoff) {

  void check(Problems problems) {
    problems.require(
        temperature >= 0 && Double.isFinite(temperature),
        "temperature must be >= 0 but was %s. Use 0 for greedy, 0.7 to 1 for sampling.",
        temperature);
    problems.require(topK >= 0, "top-k must be >= 0 but was %s. Use 0 for all tokens.", topK);
    problems.require(
        topP > 0 && topP <= 1, "top-p must be in (0, 1] but was %s. Use 1 for all tokens.", topP);
    problems.require(
        minP >= 0 && minP <= 1, "min-p must be in [0, 1] but was %s. Use 0 for all tokens.", minP);
    problems.require(
        typicalP > 0 && typicalP <= 1,
        "typical-p must be in (0, 1] but was %s. Use 1 for all tokens.",
        typicalP);
    problems.require(
        epsilonCutoff >= 0 && epsilonCutoff < 1,
        "epsilon-cutoff must be in [0, 1) but was %s. Use 0 for all tokens.",
        epsilonCutoff);
    problems.require(
        etaCutoff >= 0 && etaCutoff < 1,
        "eta-cutoff must be in [0, 1) but was %s. Use 0 for all tokens.",
        etaCutoff);
  }
}
