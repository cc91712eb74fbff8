package org.attune.server.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Places between 0 and 1 that depend on an id alone and on nothing that people could see in it. */
public final class Shuffle {

  private static final int FRACTION_BITS = 53;

  private Shuffle() {}

  /** The place of an id; different ids are spread evenly. */
  public static double place(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return (ByteBuffer.wrap(hash).getLong() >>> (Long.SIZE - FRACTION_BITS)) * 0x1p-53;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256.", e);
    }
  }
}
