package org.attune.model.tokenizer;

/**
 * One token of an encoded text and the part of the text it stands for.
 *
 * @param id the token's id
 * @param token the token as the vocabulary spells it, for example {@code ▁the}
 * @param from where its text begins, in Unicode code points
 * @param to where its text ends, exclusive; a token that the tokenizer added has {@code from} and
 *     {@code to} 0
 */
public record EncodedToken(int id, String token, int from, int to) {}
