package org.attune.data.hub;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Paths that a hub names: never out of the folder that they are meant for. */
final class HubPath {
  private static final int LONGEST = 1024;

  private HubPath() {}

  /**
   * @param what the path is of, for the error message
   * @throws HubException if it is absolute, climbs, or could mean something else on this system
   */
  static void requireRelative(String path, String what) {
    boolean safe =
        !path.isEmpty()
            && path.length() <= LONGEST
            && path.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == '\\' || c == ':')
            && Arrays.stream(path.split("/", -1))
                .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (!safe) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "The %s \"%s\" is refused: it must be a relative path without .., \\ or :, so that it cannot leave its folder. Do not trust a repository that has it."
              .formatted(what, printable(path)));
    }
  }

  /** The path below {@code folder}. */
  static Path below(Path folder, String path) {
    requireRelative(path, "file name");
    try {
      return folder.resolve(path);
    } catch (InvalidPathException e) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "The file name \"%s\" has characters that this system has no name for. Set LC_ALL=C.UTF-8."
              .formatted(printable(path)),
          e);
    }
  }

  /** As part of an address; slashes stay. */
  static String encoded(String path) {
    return Arrays.stream(path.split("/", -1))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  /** As one part of an address; slashes are encoded. */
  static String encodedPart(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String printable(String path) {
    String shown = path.length() <= 80 ? path : path.substring(0, 80) + "…";
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
