package org.attune.feedback.change;

import java.util.List;
import org.attune.feedback.settings.FeedbackSettings;

/**
 * Where a dataset writes its changes before they take effect. A change that cannot be written does
 * not happen.
 */
public interface ChangeLog {

  /** Writes valid changes; returns only once they are safe. */
  void append(List<Change> changes);

  /** Writes new settings; returns only once they are safe. */
  void replaceSettings(FeedbackSettings settings);

  /** The log of a dataset that lives in memory only. */
  ChangeLog NONE =
      new ChangeLog() {
        @Override
        public void append(List<Change> changes) {}

        @Override
        public void replaceSettings(FeedbackSettings settings) {}
      };
}
