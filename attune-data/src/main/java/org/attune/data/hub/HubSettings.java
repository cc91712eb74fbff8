package org.attune.data.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where a hub is, where its files are kept, and how patiently it is asked.
 *
 * @param endpoint the hub's address; default {@code https://huggingface.co}
 * @param cache the folder that is shared with Python's huggingface_hub
 * @param tokenFile where the token is, unless the environment has it
 * @param offline whether only the cache may be used
 * @param retries how often a failed request is made again; default 5
 * @param firstPause how long before the first of them, doubled for each further; default 1 s
 * @param longestPause the longest that is waited, also where the hub asks for more; default 60 s
 * @param stall how long a connection may be silent; default 30 s
 * @param environment of the process, for the token
 */
public record HubSettings(
    URI endpoint,
    Path cache,
    Path tokenFile,
    boolean offline,
    int retries,
    Duration firstPause,
    Duration longestPause,
    Duration stall,
    Map<String, String> environment) {
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

  /** System properties of Java that replace variables of the environment. */
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "attune.hub.endpoint", "HF_ENDPOINT",
          "attune.hub.cache", "HF_HUB_CACHE",
          "attune.hub.offline", "HF_HUB_OFFLINE",
          "attune.hub.home", "HF_HOME");

  public HubSettings {
    environment = Map.copyOf(environment);
    boolean isWeb = "https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme());
    if (!isWeb || endpoint.getHost() == null || endpoint.getUserInfo() != null) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "HF_ENDPOINT must be an address such as %s but was %s."
              .formatted(DEFAULT_ENDPOINT, endpoint));
    }
  }

  /** The settings of this process: its environment, and the properties {@code attune.hub.*}. */
  public static HubSettings current() {
    Map<String, String> variables = new HashMap<>(System.getenv());
    PROPERTIES.forEach(
        (property, variable) -> {
          String value = System.getProperty(property);
          if (value != null) {
            variables.put(variable, value);
          }
        });
    return of(variables);
  }

  /** The settings that an environment gives, by the names that huggingface_hub has for them. */
  public static HubSettings of(Map<String, String> environment) {
    String userHome = System.getProperty("user.home");
    Path caches = Path.of(given(environment, "XDG_CACHE_HOME", userHome + "/.cache"));
    Path home = Path.of(given(environment, "HF_HOME", caches.resolve("huggingface").toString()));
    String cache =
        given(
            environment,
            "HF_HUB_CACHE",
            given(environment, "HUGGINGFACE_HUB_CACHE", home.resolve("hub").toString()));
    String tokenFile = given(environment, "HF_TOKEN_PATH", home.resolve("token").toString());
    String offline =
        given(environment, "HF_HUB_OFFLINE", given(environment, "TRANSFORMERS_OFFLINE", "0"));
    return new HubSettings(
        address(given(environment, "HF_ENDPOINT", DEFAULT_ENDPOINT)),
        expanded(cache, userHome),
        expanded(tokenFile, userHome),
        TRUE.contains(offline.toUpperCase(Locale.ROOT)),
        5,
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        environment);
  }

  public HubSettings withEndpoint(String address) {
    return new HubSettings(
        address(address),
        cache,
        tokenFile,
        offline,
        retries,
        firstPause,
        longestPause,
        stall,
        environment);
  }

  public HubSettings withCache(Path folder) {
    return new HubSettings(
        endpoint,
        folder,
        tokenFile,
        offline,
        retries,
        firstPause,
        longestPause,
        stall,
        environment);
  }

  public HubSettings withOffline(boolean onlyCache) {
    return new HubSettings(
        endpoint,
        cache,
        tokenFile,
        onlyCache,
        retries,
        firstPause,
        longestPause,
        stall,
        environment);
  }

  /** How patiently the hub is asked. */
  public HubSettings withPatience(
      int newRetries, Duration first, Duration longest, Duration silent) {
    return new HubSettings(
        endpoint, cache, tokenFile, offline, newRetries, first, longest, silent, environment);
  }

  /** Without the environment, which may hold a token. */
  @Override
  public String toString() {
    return "HubSettings[endpoint=%s, cache=%s, offline=%s]".formatted(endpoint, cache, offline);
  }

  private static String given(Map<String, String> environment, String name, String otherwise) {
    String value = environment.getOrDefault(name, "");
    return value.isBlank() ? otherwise : value;
  }

  private static Path expanded(String path, String home) {
    return Path.of(path.startsWith("~/") ? home + path.substring(1) : path);
  }

  private static URI address(String text) {
    try {
      return new URI(text.strip().replaceAll("/+$", ""));
    } catch (URISyntaxException e) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "HF_ENDPOINT must be an address such as %s but was \"%s\"."
              .formatted(DEFAULT_ENDPOINT, text),
          e);
    }
  }
}
