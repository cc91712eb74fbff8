package org.attune.model.export;

/**
 * How far an exported model is from its source, on texts that both were given.
 *
 * @param texts how many
 * @param outputs the log-probabilities, or scores, that were compared
 * @param meanDifference of |Δ| over all outputs
 * @param largestDifference of any output
 * @param sameLikeliest the share of places where both find the same token likeliest; 1 for a model
 *     that scores
 */
public record ExportProof(
    ExportType type,
    int texts,
    int outputs,
    double meanDifference,
    double largestDifference,
    double sameLikeliest) {
  static ExportProof of(ExportType type, ModelOutputs source, ModelOutputs exported) {
    double sum = 0;
    double largest = 0;
    int outputs = 0;
    int places = 0;
    int same = 0;
    for (int i = 0; i < source.texts().size(); i++) {
      ModelOutputs.Output before = source.texts().get(i);
      ModelOutputs.Output after = exported.texts().get(i);
      for (int j = 0; j < before.values().length; j++) {
        double difference = Math.abs((double) before.values()[j] - after.values()[j]);
        sum += difference;
        // a NaN must not pass for no difference
        largest =
            Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
        outputs++;
      }
      for (int j = 0; j < before.likeliest().length; j++) {
        places++;
        same += before.likeliest()[j] == after.likeliest()[j] ? 1 : 0;
      }
    }
    return new ExportProof(
        type,
        source.texts().size(),
        outputs,
        outputs == 0 ? Double.POSITIVE_INFINITY : sum / outputs,
        largest,
        places == 0 ? 1 : (double) same / places);
  }

  /** Whether both differences are within the type's thresholds. */
  public boolean holds() {
    return meanDifference <= type.meanThreshold() && largestDifference <= type.maxThreshold();
  }
}
