package org.attune.feedback.field;

import org.attune.feedback.validation.Problems;

/** A part of a record that people see. */
public sealed interface Field permits TextField, ImageField, ChatField, CustomField {

  String name();

  String title();

  boolean required();

  /** The kind of field as files spell it. */
  String type();

  /** Reports every rule that a value breaks. */
  void check(Object value, Problems problems);
}
