package org.attune.feedback.client;

/**
 * How far a dataset has come.
 *
 * @param completed records with as many submitted responses as are wanted
 */
public record Progress(long total, long completed, long pending) {}
