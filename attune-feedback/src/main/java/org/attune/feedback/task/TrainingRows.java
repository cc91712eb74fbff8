package org.attune.feedback.task;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.attune.data.Dataset;
import org.attune.data.InvalidInputException;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.settings.FeedbackSettings;

/**
 * The rows of a task, in the order of the records.
 *
 * @param train the rows to learn from
 * @param test the rows to measure with; empty unless a share was set aside
 */
public record TrainingRows(Dataset train, Dataset test) {

  /**
   * Formats and splits records.
   *
   * @param testShare from 0 to less than 1; one record at least is left to learn from
   * @throws org.attune.feedback.validation.InvalidFeedbackException if a row breaks the task's
   *     rules
   * @throws InvalidInputException if the task does not fit the settings, or gives no rows
   */
  public static TrainingRows of(
      TrainingTask task,
      FeedbackSettings settings,
      List<FeedbackRecord> records,
      double testShare,
      long seed) {
    if (!(testShare >= 0 && testShare < 1)) {
      throw new InvalidInputException(
          "testShare must be at least 0 and less than 1 but was "
              + testShare
              + ". Use 0.1 to set a tenth aside, 0 for no test rows.");
    }
    List<List<Map<String, Object>>> groups =
        task.groups(settings, records).stream().filter(group -> !group.isEmpty()).toList();
    if (groups.isEmpty()) {
      throw new InvalidInputException(
          "The task "
              + task.name()
              + " made no rows out of "
              + records.size()
              + " records. Submitted responses are what counts: add some, or check what the"
              + " formatting function leaves out.");
    }
    int testGroups = (int) Math.min(Math.round(groups.size() * testShare), groups.size() - 1);
    BitSet chosen = choose(groups.size(), testGroups, seed);
    List<Map<String, Object>> train = new ArrayList<>();
    List<Map<String, Object>> test = new ArrayList<>();
    for (int group = 0; group < groups.size(); group++) {
      (chosen.get(group) ? test : train).addAll(groups.get(group));
    }
    return new TrainingRows(Dataset.fromRows(train), Dataset.fromRows(test));
  }

  /**
   * Chooses {@code count} of the first {@code size} numbers, each set with the same probability.
   */
  private static BitSet choose(int size, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BitSet chosen = new BitSet(size);
    // Floyd's sampling: the number drawn or, if it is taken, the highest one allowed so far.
    for (int highest = size - count; highest < size; highest++) {
      int drawn = random.nextInt(highest + 1);
      chosen.set(chosen.get(drawn) ? highest : drawn);
    }
    return chosen;
  }
}
