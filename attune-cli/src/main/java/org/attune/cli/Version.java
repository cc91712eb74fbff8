package org.attune.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the version of Attune and of the Java it runs on. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() throws IOException {
    Properties build = new Properties();
    try (InputStream resource = Version.class.getResourceAsStream("version.properties")) {
      build.load(resource);
    }
    return new String[] {
      "attune " + build.getProperty("version") + " (Java " + Runtime.version().feature() + ")"
    };
  }
}
