package org.attune.train.ppo;

import java.nio.file.Path;
import java.util.List;
import org.attune.data.InvalidInputException;
import org.attune.data.hub.HubLocation;
import org.attune.model.LanguageModel;
import org.attune.model.pipeline.TextClassifier;
import org.attune.tensor.DType;
import org.jspecify.annotations.Nullable;

/** Scores completions by a reward model, which may have a tokenizer of its own. */
final class ModelReward implements RewardFunction, AutoCloseable {
  private final TextClassifier classifier;

  private ModelReward(TextClassifier classifier) {
    this.classifier = classifier;
  }

  /**
   * Loads the model; what its file holds in bfloat16 stays so in a run that multiplies in bfloat16.
   */
  static ModelReward load(@Nullable String model, HubLocation location, DType computeType) {
    if (model == null) {
      throw new InvalidInputException(
          "PPO needs a reward: name a model as ppo.reward-model, or give a function by scoredBy(...).");
    }
    Path path = location.model(model);
    return new ModelReward(TextClassifier.load(path, LanguageModel.frozenType(path, computeType)));
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
