package org.attune.run.folder;

import java.time.Instant;

/**
 * An event as it stands in the log.
 *
 * @param sequence its number in the log, from 1, without gaps
 * @param time when it was logged
 */
public record LoggedEvent(long sequence, Instant time, Event event) {}
