package org.attune.feedback.client;

import org.attune.feedback.record.FeedbackRecord;

/**
 * A record that a search found.
 *
 * @param score how well it fits: higher is better
 */
public record FoundRecord(FeedbackRecord record, double score) {}
