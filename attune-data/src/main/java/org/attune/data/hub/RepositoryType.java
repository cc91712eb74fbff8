package org.attune.data.hub;

/** What a repository of a hub holds. */
public enum RepositoryType {
  MODEL("models", ""),
  DATASET("datasets", "datasets/");

  private final String plural;
  private final String urlPrefix;

  RepositoryType(String plural, String urlPrefix) {
    this.plural = plural;
    this.urlPrefix = urlPrefix;
  }

  /** The name in addresses of the API and in the cache. */
  String plural() {
    return plural;
  }

  /** What stands before the id in addresses of files. */
  String urlPrefix() {
    return urlPrefix;
  }
}
