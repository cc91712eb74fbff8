package org.attune.data.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The secret that tells a hub who asks. It has no {@code toString}, so that it gets into no log.
 */
final class HubToken {
  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final String secret;

  private HubToken(String secret) {
    this.secret = secret;
  }

  /**
   * The token of {@code HF_TOKEN}, or of the file that {@code hf auth login} writes.
   *
   * @throws HubException if the file can be read by others, or the token could not be sent
   */
  static Optional<HubToken> find(Map<String, String> environment, Path file) {
    for (String name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
      String value = environment.getOrDefault(name, "").strip();
      if (!value.isEmpty()) {
        return Optional.of(of(value, name));
      }
    }
    return read(file);
  }

  private static Optional<HubToken> read(Path file) {
    try {
      String value = Files.readString(file).strip();
      if (value.isEmpty()) {
        return Optional.empty();
      }
      requirePrivate(file);
      return Optional.of(of(value, file.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("The token file %s cannot be read: %s.".formatted(file, e), e);
    }
  }

  private static void requirePrivate(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.stream().anyMatch(OF_OTHERS::contains)) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "The token file %s can be read or written by other users, so its token is not used. Run chmod 600 %s, and renew the token if others have access to this machine."
              .formatted(file, file));
    }
  }

  private static HubToken of(String value, String source) {
    if (value.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "The token of %s has characters that no token has. Copy it again from the hub's settings."
              .formatted(source));
    }
    return new HubToken(value);
  }

  String authorization() {
    return "Bearer " + secret;
  }
}
