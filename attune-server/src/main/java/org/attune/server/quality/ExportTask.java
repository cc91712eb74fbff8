package org.attune.server.quality;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.attune.feedback.task.TrainingTask;

/** A task whose rows a dataset with the usual names can be exported as. */
enum ExportTask {
  SUPERVISED_FINE_TUNING,
  PROMPT_COMPLETION,
  REWARD_MODELING,
  DIRECT_PREFERENCE_OPTIMIZATION,
  PROXIMAL_POLICY_OPTIMIZATION,
  CHAT_COMPLETION;

  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<ExportTask> of(String key) {
    return Arrays.stream(values()).filter(task -> task.key().equals(key)).findFirst();
  }

  TrainingTask task() {
    return switch (this) {
      case SUPERVISED_FINE_TUNING -> TrainingTask.supervisedFineTuning();
      case PROMPT_COMPLETION -> TrainingTask.promptCompletion();
      case REWARD_MODELING -> TrainingTask.rewardModeling();
      case DIRECT_PREFERENCE_OPTIMIZATION -> TrainingTask.directPreferenceOptimization();
      case PROXIMAL_POLICY_OPTIMIZATION -> TrainingTask.proximalPolicyOptimization();
      case CHAT_COMPLETION -> TrainingTask.chatCompletion();
    };
  }
}
