package org.attune.server.backup;

/** Is told how far long work has come. */
public interface Progress {

  void at(String what, long done, long total);
}
