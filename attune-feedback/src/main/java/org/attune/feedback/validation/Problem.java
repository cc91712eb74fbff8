package org.attune.feedback.validation;

/**
 * One broken rule: where, what, with which value, and the way out.
 *
 * @param place the record, response or setting at fault; empty when the whole dataset is
 * @param name the question, field or key, as the user wrote it
 * @param rule what must hold, starting with a verb ("must be …")
 * @param value the offending value as text, shortened when long
 * @param fix what to do about it, one or more whole sentences
 */
public record Problem(String place, String name, String rule, String value, String fix) {

  private static final int LONGEST_VALUE = 120;

  public Problem {
    if (value.codePointCount(0, value.length()) > LONGEST_VALUE) {
      value = value.substring(0, value.offsetByCodePoints(0, LONGEST_VALUE)) + "…";
    }
  }

  @Override
  public String toString() {
    String start = place.isEmpty() ? name : place + ": " + name;
    return start + " " + rule + " but was " + value + ". " + fix;
  }
}
