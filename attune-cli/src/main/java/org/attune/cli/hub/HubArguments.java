package org.attune.cli.hub;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.attune.data.hub.Hub;
import org.attune.data.hub.HubReference;
import org.attune.data.hub.HubSettings;
import org.attune.data.hub.RepositoryType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which hub is asked, and for what kind of repository. */
final class HubArguments {
  @Option(
      names = "--type",
      description = "${COMPLETION-CANDIDATES}; default model, unless the name says datasets/.")
  private RepositoryType type = RepositoryType.MODEL;

  @Option(names = "--revision", paramLabel = "NAME", description = "A branch, tag or commit.")
  private @Nullable String revision;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "The hub's address; default $HF_ENDPOINT or https://huggingface.co.")
  private @Nullable String endpoint;

  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description = "Where downloads are kept; default $HF_HUB_CACHE or $HF_HOME/hub.")
  private @Nullable Path cache;

  @Option(names = "--offline", description = "Uses the cache only; default $HF_HUB_OFFLINE.")
  private boolean offline;

  HubReference reference(String name) {
    HubReference reference = HubReference.parse(name, type);
    return revision == null ? reference : reference.at(revision);
  }

  Hub hub(PrintWriter err) {
    HubSettings settings = HubSettings.current();
    settings = endpoint == null ? settings : settings.withEndpoint(endpoint);
    settings = cache == null ? settings : settings.withCache(cache);
    settings = offline ? settings.withOffline(true) : settings;
    return Hub.of(settings)
        .telling(
            fact -> {
              err.println(fact);
              err.flush();
            });
  }
}
