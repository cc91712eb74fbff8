package org.attune.feedback.field;

import org.attune.feedback.validation.Problems;

/** A typed fact about a record, to filter and sort by; every record may leave it out. */
public sealed interface MetadataProperty
    permits TermsMetadataProperty, IntegerMetadataProperty, FloatMetadataProperty {

  String name();

  String title();

  /** Whether annotators, too, see the property. */
  boolean visibleForAnnotators();

  /** The kind of property as files spell it. */
  String type();

  /** Reports every rule that a value breaks. */
  void check(Object value, Problems problems);
}
