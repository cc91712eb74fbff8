package org.attune.feedback.record;

/**
 * One answer made from those of several people.
 *
 * @param value a plain answer, except that the mean or median of ratings is a {@link Double}
 * @param strategy how it was made, as {@code mean-truncated}
 */
public record UnifiedAnswer(Object value, String strategy) {}
