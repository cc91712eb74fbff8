package org.attune.data.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.attune.data.hub.HubConnection.Question;
import org.jspecify.annotations.Nullable;

/**
 * A hub that speaks Hugging Face's protocol, and the cache of its files.
 *
 * <p>Nothing is sent before the first question that the cache cannot answer.
 */
public final class Hub {
  private static final int MOST_INFO_BYTES = 64 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HubSettings settings;
  private final Consumer<String> listener;
  private @Nullable HubConnection connection;

  private Hub(HubSettings settings, Consumer<String> listener) {
    this.settings = settings;
    this.listener = listener;
  }

  /** The hub of this process's environment. */
  public static Hub current() {
    return of(HubSettings.current());
  }

  public static Hub of(HubSettings settings) {
    return new Hub(settings, fact -> {});
  }

  /** The same hub, which tells a listener what it downloads. */
  public Hub telling(Consumer<String> newListener) {
    return new Hub(settings, newListener);
  }

  HubSettings settings() {
    return settings;
  }

  synchronized HubConnection connection(HubReference reference) {
    if (settings.offline()) {
      throw new HubException(
          HubException.Reason.OFFLINE,
          "%s is needed from the hub, but HF_HUB_OFFLINE forbids the network. Unset it, or download before: attune hub download %s."
              .formatted(reference, reference));
    }
    if (connection == null) {
      connection = new HubConnection(settings);
    }
    return connection;
  }

  /**
   * What the hub says of a repository at a revision.
   *
   * @throws HubException if it says nothing
   */
  public RepositoryInfo info(HubReference reference) {
    HubConnection hub = connection(reference);
    URI address =
        hub.address(
            "/api/%s/%s/revision/%s?blobs=true"
                .formatted(
                    reference.type().plural(),
                    reference.id(),
                    HubPath.encodedPart(reference.revision())));
    JsonNode json = json(hub.ask(address, Question.get()), reference.toString(), hub);
    String commit = json.path("sha").asText();
    requireCommit(commit, reference);
    List<HubFile> files = new ArrayList<>();
    for (JsonNode sibling : json.path("siblings")) {
      String path = sibling.path("rfilename").asText();
      HubPath.requireRelative(path, "file name");
      files.add(new HubFile(path, sibling.path("size").asLong(-1)));
    }
    new HubCache(settings.cache(), reference).rememberCommit(reference, commit);
    return new RepositoryInfo(commit, files);
  }

  /**
   * The files of a repository that are wanted, in a folder of the cache.
   *
   * <p>Offline, the folder that was downloaded before.
   *
   * @param wanted chooses from all files; what it gives is downloaded
   * @throws HubException if the repository or a file cannot be had
   */
  public Path snapshot(HubReference reference, Function<List<HubFile>, List<HubFile>> wanted) {
    HubCache cache = new HubCache(settings.cache(), reference);
    if (settings.offline()) {
      return cache
          .commit(reference)
          .map(cache::snapshot)
          .filter(Files::isDirectory)
          .orElseThrow(() -> notCached(reference));
    }
    RepositoryInfo info = info(reference);
    for (HubFile file : wanted.apply(info.files())) {
      download(reference.at(info.commit()).file(file.path()), cache);
    }
    return cache.snapshot(info.commit());
  }

  /**
   * The file that a reference names, in the cache.
   *
   * @throws HubException if it cannot be had
   * @throws IllegalArgumentException if the reference names no file
   */
  public Path file(HubReference reference) {
    HubCache cache = new HubCache(settings.cache(), reference);
    if (settings.offline()) {
      return cache
          .commit(reference)
          .map(commit -> cache.file(commit, path(reference)))
          .filter(Files::isRegularFile)
          .orElseThrow(() -> notCached(reference));
    }
    return download(reference, cache);
  }

  private static String path(HubReference reference) {
    return reference
        .file()
        .orElseThrow(() -> new IllegalArgumentException(reference + " names no file."));
  }

  private Path download(HubReference reference, HubCache cache) {
    String path = path(reference);
    if (reference.isPinned() && Files.isRegularFile(cache.file(reference.revision(), path))) {
      return cache.file(reference.revision(), path);
    }
    HubConnection hub = connection(reference);
    HttpResponse<InputStream> head = hub.ask(resolved(hub, reference, path), Question.head());
    // a redirect to the storage of a large file is an answer as well
    if (head.statusCode() >= 400) {
      throw Refusal.of(head, reference.toString(), hub);
    }
    close(head);
    String commit = head.headers().firstValue("X-Repo-Commit").orElse(reference.revision());
    requireCommit(commit, reference);
    BlobHash hash = hash(head, reference);
    long size = size(head).orElse(-1);
    URI address = resolved(hub, reference.at(commit), path);
    cache.locked(
        hash,
        () -> {
          Path blob = cache.blob(hash);
          if (!Files.exists(blob)) {
            listener.accept(
                "Downloading %s%s"
                    .formatted(reference, size < 0 ? "" : " (%,d bytes)".formatted(size)));
          }
          new BlobDownload(hub, settings, reference.toString(), address, hash, size, blob).run();
        });
    cache.rememberCommit(reference, commit);
    return cache.link(commit, path, hash);
  }

  private static URI resolved(HubConnection hub, HubReference reference, String path) {
    return hub.address(
        "/%s%s/resolve/%s/%s"
            .formatted(
                reference.type().urlPrefix(),
                reference.id(),
                HubPath.encodedPart(reference.revision()),
                HubPath.encoded(path)));
  }

  private static BlobHash hash(HttpResponse<?> head, HubReference reference) {
    return head.headers()
        .firstValue("X-Linked-Etag")
        .or(() -> head.headers().firstValue("ETag"))
        .map(BlobHash::ofTag)
        .orElseThrow(
            () ->
                new HubException(
                    HubException.Reason.DAMAGED,
                    "The hub does not tell the hash of %s, so it cannot be verified. Check HF_ENDPOINT; a proxy may have removed the ETag."
                        .formatted(reference)));
  }

  private static OptionalLong size(HttpResponse<?> head) {
    Optional<String> linked = head.headers().firstValue("X-Linked-Size");
    boolean isFile = head.statusCode() == 200;
    return linked
        .or(() -> head.headers().firstValue("Content-Length").filter(length -> isFile))
        .filter(text -> text.matches("\\d{1,18}"))
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  private static void requireCommit(String commit, HubReference reference) {
    if (!HubReference.isCommit(commit)) {
      throw new HubException(
          HubException.Reason.DAMAGED,
          "The hub answers to the request for %s without the commit that it is at. Check HF_ENDPOINT."
              .formatted(reference));
    }
  }

  private HubException notCached(HubReference reference) {
    return new HubException(
        HubException.Reason.OFFLINE,
        "%s is not in the cache %s, and HF_HUB_OFFLINE forbids the network. Unset it, or download before: attune hub download %s."
            .formatted(reference, settings.cache(), reference));
  }

  /** The JSON of an answer; an error if it is none. */
  static JsonNode json(HttpResponse<InputStream> answer, String what, HubConnection hub) {
    if (answer.statusCode() >= 300) {
      throw Refusal.of(answer, what, hub);
    }
    try (InputStream body = answer.body()) {
      byte[] bytes = body.readNBytes(MOST_INFO_BYTES);
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new HubException(
          HubException.Reason.DAMAGED,
          "The answer to the request for %s is no JSON. Check HF_ENDPOINT.".formatted(what),
          e);
    } catch (IOException e) {
      throw hub.unreachable(answer.uri(), e);
    }
  }

  static void close(HttpResponse<InputStream> answer) {
    try {
      answer.body().close();
    } catch (IOException e) {
      // nothing more is wanted of it
    }
  }
}
