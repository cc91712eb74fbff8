package org.attune.data.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The fingerprint by which a hub names a file's content, from the {@code ETag} of its answers: the
 * SHA-256 of a large file, or git's SHA-1 of a small one.
 */
record BlobHash(String name) {
  private static final int SHA256_DIGITS = 64;
  private static final int GIT_DIGITS = 40;

  /**
   * @throws HubException if the name could not be that of a file
   */
  BlobHash {
    if (!name.matches("[0-9A-Za-z_-][0-9A-Za-z._-]{0,199}")) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "The hub names a file's content by \"%s\", which is no hash. Check HF_ENDPOINT."
              .formatted(name.replaceAll("\\p{Cntrl}", "?")));
    }
  }

  /** From an {@code ETag}, with its quotes. */
  static BlobHash ofTag(String tag) {
    String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
    return new BlobHash(strong.replace("\"", ""));
  }

  /** Whether a file has this fingerprint; true where it is of a kind that nobody can compute. */
  boolean matches(Path file) throws IOException {
    if (!name.matches("[0-9a-f]+")) {
      return true;
    }
    return switch (name.length()) {
      case SHA256_DIGITS -> name.equals(sha256(file));
      case GIT_DIGITS -> name.equals(git(file));
      default -> true;
    };
  }

  static String sha256(Path file) throws IOException {
    return digest(file, algorithm("SHA-256"));
  }

  static String sha256(byte[] content) {
    return HexFormat.of().formatHex(algorithm("SHA-256").digest(content));
  }

  /** Git hashes a header with the size before the content. */
  static String git(Path file) throws IOException {
    MessageDigest sha1 = algorithm("SHA-1");
    sha1.update(("blob " + Files.size(file) + "\0").getBytes(UTF_8));
    return digest(file, sha1);
  }

  private static String digest(Path file, MessageDigest digest) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest algorithm(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has " + name, e);
    }
  }
}
