package org.attune.server.quality;

import java.io.IOException;
import org.attune.feedback.record.FeedbackRecord;

/** Where exported records go, one after the other. */
interface RecordSink {
  void record(FeedbackRecord record) throws IOException;
}
