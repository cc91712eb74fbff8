package org.attune.model.pipeline;

/**
 * A token that fills a gap.
 *
 * @param score its probability among all tokens
 * @param id its id
 * @param token its text
 * @param text the whole text with the token in the gap
 */
public record Filling(double score, int id, String token, String text) {}
