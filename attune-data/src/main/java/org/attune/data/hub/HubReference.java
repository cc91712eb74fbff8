package org.attune.data.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A repository of a hub at one revision, or one file of it.
 *
 * <p>Written {@code org/name}, {@code org/name@revision}, or with {@code hf:} before it, which
 * leaves no doubt that no path is meant: {@code hf:gpt2}, {@code hf:org/name@revision/file.gguf},
 * {@code hf://datasets/org/name/train.jsonl}. A revision's slashes are written {@code %2F}.
 *
 * @param type what the repository holds
 * @param id its name, usually with its owner's before it
 * @param revision a branch, a tag or a commit
 * @param file the path of a file in the repository, if only one is meant
 */
public record HubReference(RepositoryType type, String id, String revision, Optional<String> file) {
  public static final String DEFAULT_REVISION = "main";

  private static final String PREFIX = "hf:";
  private static final String NAME = "[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?";
  private static final String REVISION = "(?:@([A-Za-z0-9._%-]+))?";
  private static final Pattern BARE = Pattern.compile("(" + NAME + "/" + NAME + ")" + REVISION);
  private static final Pattern EXPLICIT =
      Pattern.compile(
          "/*(datasets/|models/)?(" + NAME + "/" + NAME + ")" + REVISION + "(?:/(.+))?");

  /** The ids of a hub's first models have no owner; a file of one needs a revision before it. */
  private static final Pattern WITHOUT_OWNER =
      Pattern.compile("/*(datasets/|models/)?(" + NAME + ")(?:@([A-Za-z0-9._%-]+)(?:/(.+))?)?");

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  public HubReference {
    HubPath.requireRelative(revision, "revision");
    file.ifPresent(path -> HubPath.requireRelative(path, "file"));
    if (!Pattern.matches(NAME + "(/" + NAME + ")?", id) || id.contains("--")) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "\"%s\" is no repository of a hub. Write its owner and name, such as org/name; letters, digits, and single - . _ between them."
              .formatted(id));
    }
  }

  /** A model's repository at its main branch. */
  public static HubReference model(String id) {
    return new HubReference(RepositoryType.MODEL, id, DEFAULT_REVISION, Optional.empty());
  }

  /** A dataset's repository at its main branch. */
  public static HubReference dataset(String id) {
    return new HubReference(RepositoryType.DATASET, id, DEFAULT_REVISION, Optional.empty());
  }

  /** Whether a text begins with {@code hf:}, so that it cannot be meant as a path. */
  public static boolean isExplicit(String text) {
    return text.startsWith(PREFIX);
  }

  /** Whether a text could be the id of a repository as well as a path. */
  public static boolean looksLikeId(String text) {
    return BARE.matcher(text).matches() && !text.contains("--");
  }

  /**
   * Reads a reference, with or without {@code hf:}.
   *
   * @param otherwise the type where the text does not say {@code datasets/} or {@code models/}
   * @throws HubException if the text is none
   */
  public static HubReference parse(String text, RepositoryType otherwise) {
    Matcher bare = BARE.matcher(text);
    if (bare.matches()) {
      return new HubReference(otherwise, bare.group(1), revision(bare.group(2)), Optional.empty());
    }
    String rest = isExplicit(text) ? text.substring(PREFIX.length()) : text;
    Matcher explicit = EXPLICIT.matcher(rest);
    if (!explicit.matches()) {
      explicit = WITHOUT_OWNER.matcher(rest);
    }
    if (!explicit.matches()) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "\"%s\" is no repository of a hub. Write hf:org/name, hf:org/name@revision or hf:org/name@revision/file."
              .formatted(text));
    }
    String kind = String.valueOf(explicit.group(1));
    RepositoryType type =
        switch (kind) {
          case "datasets/" -> RepositoryType.DATASET;
          case "models/" -> RepositoryType.MODEL;
          default -> otherwise;
        };
    return new HubReference(
        type,
        explicit.group(2),
        revision(explicit.group(3)),
        Optional.ofNullable(explicit.group(4)));
  }

  private static String revision(@Nullable String written) {
    return written == null ? DEFAULT_REVISION : written.replace("%2F", "/").replace("%2f", "/");
  }

  /** The same repository at another revision. */
  public HubReference at(String otherRevision) {
    return new HubReference(type, id, otherRevision, file);
  }

  /** One file of the same repository. */
  public HubReference file(String path) {
    return new HubReference(type, id, revision, Optional.of(path));
  }

  /** Whether the revision is a commit, which never changes. */
  boolean isPinned() {
    return COMMIT.matcher(revision).matches();
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  @Override
  public String toString() {
    return PREFIX
        + type.urlPrefix()
        + id
        + (revision.equals(DEFAULT_REVISION) ? "" : "@" + revision.replace("/", "%2F"))
        + file.map(path -> "/" + path).orElse("");
  }
}
