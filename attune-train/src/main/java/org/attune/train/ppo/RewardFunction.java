package org.attune.train.ppo;

import java.util.List;

/** Says how good completions are: a rule, a model, or a call to anything else. */
@FunctionalInterface
public interface RewardFunction {
  /**
   * The score of each completion; higher is better, on any scale.
   *
   * @param prompts texts that were continued
   * @param completions what the policy wrote, one for each prompt, special tokens left out
   * @return one finite number for each
   */
  double[] score(List<String> prompts, List<String> completions);
}
