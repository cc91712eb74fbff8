package org.attune.server.access;

import java.util.Locale;

/** Who asks, in the order of the columns of {@code access.txt}. */
enum Sender {
  ANONYMOUS,
  ANNOTATOR_INSIDE,
  ANNOTATOR_OUTSIDE,
  ADMIN_INSIDE,
  ADMIN_OUTSIDE,
  OWNER;

  boolean isInside() {
    return this == ANNOTATOR_INSIDE || this == ADMIN_INSIDE;
  }

  String role() {
    return text().replaceFirst(" .*", "");
  }

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
