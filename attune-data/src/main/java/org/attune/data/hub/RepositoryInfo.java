package org.attune.data.hub;

import java.util.List;

/**
 * What a hub says of a repository at a revision.
 *
 * @param commit that the revision is now
 * @param files all of them
 */
public record RepositoryInfo(String commit, List<HubFile> files) {
  public RepositoryInfo {
    files = List.copyOf(files);
  }
}
