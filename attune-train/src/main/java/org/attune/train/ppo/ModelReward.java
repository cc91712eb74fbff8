package org.attune.train.ppo;

import java.util.List;
import org.attune.data.InvalidInputException;
import org.attune.data.hub.HubLocation;
import org.attune.model.pipeline.TextClassifier;
import org.jspecify.annotations.Nullable;

/** Scores completions by a reward model, which may have a tokenizer of its own. */
final class ModelReward implements RewardFunction, AutoCloseable {
  private final TextClassifier classifier;

  private ModelReward(TextClassifier classifier) {
    this.classifier = classifier;
  }

  static ModelReward load(@Nullable String model, HubLocation location) {
    if (model == null) {
      throw new InvalidInputException(
          "PPO needs a reward: name a model as ppo.reward-model, or give a function by scoredBy(...).");
    }
    return new ModelReward(TextClassifier.load(location.model(model)));
  }

  @Override
  public double[] score(List<String> prompts, List<String> completions) {
    return classifier.scores(prompts, completions);
  }

  @Override
  public void close() {
    classifier.close();
  }
}
