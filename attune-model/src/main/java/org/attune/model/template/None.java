package org.attune.model.template;

/** The value {@code none}. */
enum None {
  NONE
}
