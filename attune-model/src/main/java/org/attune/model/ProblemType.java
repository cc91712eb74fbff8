package org.attune.model;

import java.util.Locale;
import java.util.Optional;
import org.attune.model.checkpoint.ConfigJson;

/** What a classifier's labels are to one another, {@code problem_type} in config.json. */
public enum ProblemType {
  /** Labels are numbers to predict. */
  REGRESSION,
  /** Exactly one label fits. */
  SINGLE_LABEL_CLASSIFICATION,
  /** Any number of labels fit. */
  MULTI_LABEL_CLASSIFICATION;

  /**
   * What a configuration says; most say nothing.
   *
   * @throws org.attune.model.checkpoint.CheckpointException if it says something else
   */
  static Optional<ProblemType> read(ConfigJson json) {
    String key = "problem_type";
    if (!json.has(key)) {
      return Optional.empty();
    }
    for (ProblemType type : values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(json.text(key))) {
        return Optional.of(type);
      }
    }
    throw json.mismatch(
        key, "regression, single_label_classification or multi_label_classification");
  }
}
