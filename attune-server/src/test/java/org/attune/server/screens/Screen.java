package org.attune.server.screens;

import java.nio.file.Path;
import java.util.Locale;

/** A page in a state worth seeing. */
enum Screen {
  SIGN_IN("/sign-in"),
  HOME("/"),
  ANNOTATE("/dataset/{published}/annotation-mode", ".form"),
  ANNOTATE_LIST("/dataset/{published}/annotation-mode?view=bulk", ".form"),
  DATASETS("/datasets"),
  BUILD_NEW("/datasets/new"),
  BUILD_DATA("/dataset/{draft}/build/data"),
  BUILD_QUESTIONS("/dataset/{draft}/build/questions"),
  BUILD_PEOPLE("/dataset/{draft}/build/people"),
  BUILD_PUBLISH("/dataset/{draft}/build/publish"),
  DATASET("/dataset/{published}/settings"),
  QUESTIONS("/dataset/{published}/questions"),
  QUESTION("/dataset/{published}/questions/{question}"),
  RECORDS("/dataset/{published}/records"),
  RECORD("/dataset/{published}/records/{record}"),
  REVIEW("/dataset/{published}/review"),
  EXPORT("/dataset/{published}/export"),
  WORKSPACES("/workspaces"),
  USERS("/users"),
  USER("/users/{person}"),
  ACCOUNT("/account"),
  NOT_FOUND("/dataset/none/settings");

  /** Where the browser suite puts the pictures that the documentation shows. */
  static final Path PICTURES_MADE = Path.of("target", "screens", "documentation");

  private final String address;
  private final String ready;

  Screen(String address) {
    this(address, "main");
  }

  Screen(String address, String ready) {
    this.address = address;
    this.ready = ready;
  }

  /** Where it is; names in braces stand for what a {@link Showcase} holds. */
  String address() {
    return address;
  }

  /** The selector of what is there once the page is complete. */
  String ready() {
    return ready;
  }

  /** As files call it. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
