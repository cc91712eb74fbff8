package org.attune.train.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of Attune that is running. */
public final class CodeVersion {
  private CodeVersion() {}

  public static String current() {
    Properties build = new Properties();
    try (InputStream resource = CodeVersion.class.getResourceAsStream("version.properties")) {
      build.load(resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("version");
  }
}
