package org.attune.cli;

import org.attune.train.session.CodeVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the version of Attune and of the Java it runs on. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "attune " + CodeVersion.current() + " (Java " + Runtime.version().feature() + ")"
    };
  }
}
