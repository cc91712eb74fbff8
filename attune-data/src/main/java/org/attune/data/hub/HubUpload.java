package org.attune.data.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.attune.data.hub.HubConnection.Question;

/**
 * Puts a folder into a repository of a hub, as one commit: small files within it, large ones into
 * the hub's storage before.
 */
public final class HubUpload {
  private static final int SAMPLE_BYTES = 512;
  private static final int FILES_AT_ONCE = 256;
  private static final long MOST_BYTES = 5_000_000_000L;
  private static final int CONFLICT = 409;
  private static final String JSON = "application/json";
  private static final String LFS_JSON = "application/vnd.git-lfs+json";
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final HubReference target;
  private final HubConnection connection;
  private final Consumer<String> listener;

  /** A file to upload, under the name that it gets. */
  private record Upload(String path, Content content, long bytes) {}

  private sealed interface Content {
    /** On the disk. */
    record OnDisk(Path file) implements Content {}

    /** Made for the upload. */
    record Text(String text) implements Content {}
  }

  private HubUpload(HubReference target, HubConnection connection, Consumer<String> listener) {
    this.target = target;
    this.connection = connection;
    this.listener = listener;
  }

  /**
   * An upload to the branch that a reference names.
   *
   * @param listener is told what is uploaded
   * @throws HubException if there is no token, or the network may not be used
   */
  public static HubUpload to(HubReference target, Hub hub, Consumer<String> listener) {
    HubConnection connection = hub.connection(target);
    if (!connection.hasToken()) {
      throw new HubException(
          HubException.Reason.FORBIDDEN,
          "%s is uploaded only with a token. Make one with the permission to write in the hub's settings, and set HF_TOKEN."
              .formatted(target));
    }
    if (!target.id().contains("/")) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "\"%s\" names no owner. Write your name or your organization's before it: NAME/%s."
              .formatted(target.id(), target.id()));
    }
    return new HubUpload(target, connection, listener);
  }

  /**
   * Uploads all files of a folder but hidden ones and a checkpoint's {@code trainer/}; the
   * repository is made if need be.
   *
   * @param texts further files by their names, for those that the folder does not have
   * @param isPrivate whether only its owner sees a repository that is made now
   * @return the commit's address or, where the hub does not tell it, the commit
   */
  public String folder(Path folder, Map<String, String> texts, boolean isPrivate, String message) {
    List<Upload> uploads = uploads(folder, texts);
    createRepository(isPrivate);
    Map<String, Boolean> isLarge = modes(uploads);
    Map<Upload, String> hashes = new LinkedHashMap<>();
    for (Upload upload : uploads) {
      if (isLarge.getOrDefault(upload.path(), false) && upload.bytes() > 0) {
        hashes.put(upload, sha256(upload));
      }
    }
    store(hashes);
    return commit(uploads, hashes, message);
  }

  private static List<Upload> uploads(Path folder, Map<String, String> texts) {
    Map<String, Upload> uploads = new LinkedHashMap<>();
    texts.forEach(
        (path, text) ->
            uploads.put(
                path, new Upload(path, new Content.Text(text), text.getBytes(UTF_8).length)));
    for (HubFile file : HubSnapshot.files(folder)) {
      boolean isHidden =
          Arrays.stream(file.path().split("/")).anyMatch(part -> part.startsWith("."));
      if (isHidden || file.path().startsWith("trainer/")) {
        continue;
      }
      HubPath.requireRelative(file.path(), "file name");
      if (file.bytes() > MOST_BYTES) {
        throw new HubException(
            HubException.Reason.REFUSED,
            "%s has %,d bytes, but a file of more than %,d is not uploaded. Save the model in smaller shards."
                .formatted(folder.resolve(file.path()), file.bytes(), MOST_BYTES));
      }
      Content content = new Content.OnDisk(folder.resolve(file.path()));
      uploads.put(file.path(), new Upload(file.path(), content, file.bytes()));
    }
    if (uploads.size() == texts.size()) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "%s has no files to upload. Name a folder with a model or rows.".formatted(folder));
    }
    return List.copyOf(uploads.values());
  }

  private void createRepository(boolean isPrivate) {
    int slash = target.id().indexOf('/');
    ObjectNode wanted =
        NODES
            .objectNode()
            .put("organization", target.id().substring(0, slash))
            .put("name", target.id().substring(slash + 1))
            .put("private", isPrivate);
    if (target.type() == RepositoryType.DATASET) {
      wanted.put("type", "dataset");
    }
    HttpResponse<InputStream> answer = post("/api/repos/create", wanted);
    if (answer.statusCode() >= 400 && answer.statusCode() != CONFLICT) {
      throw Refusal.of(answer, target.toString(), connection);
    }
    Hub.close(answer);
  }

  /** Which files the hub wants in its storage for large ones. */
  private Map<String, Boolean> modes(List<Upload> uploads) {
    Map<String, Boolean> modes = new HashMap<>();
    for (int from = 0; from < uploads.size(); from += FILES_AT_ONCE) {
      ObjectNode question = NODES.objectNode();
      ArrayNode files = question.putArray("files");
      for (Upload upload : uploads.subList(from, Math.min(uploads.size(), from + FILES_AT_ONCE))) {
        files
            .addObject()
            .put("path", upload.path())
            .put("sample", Base64.getEncoder().encodeToString(bytes(upload, SAMPLE_BYTES)))
            .put("size", upload.bytes());
      }
      JsonNode answer =
          Hub.json(post(api("preupload"), question), "the upload to " + target, connection);
      answer
          .path("files")
          .forEach(
              file ->
                  modes.put(
                      file.path("path").asText(), file.path("uploadMode").asText().equals("lfs")));
    }
    return modes;
  }

  private void store(Map<Upload, String> hashes) {
    List<Map.Entry<Upload, String>> all = new ArrayList<>(hashes.entrySet());
    for (int from = 0; from < all.size(); from += FILES_AT_ONCE) {
      List<Map.Entry<Upload, String>> some =
          all.subList(from, Math.min(all.size(), from + FILES_AT_ONCE));
      Map<String, JsonNode> actions = actions(some);
      for (Map.Entry<Upload, String> entry : some) {
        JsonNode action = actions.getOrDefault(entry.getValue(), NODES.objectNode());
        // nothing to do where the storage has the content already
        if (action.has("upload")) {
          put(entry.getKey(), action);
        }
      }
    }
  }

  private Map<String, JsonNode> actions(List<Map.Entry<Upload, String>> wanted) {
    ObjectNode question = NODES.objectNode().put("operation", "upload").put("hash_algo", "sha256");
    question.putArray("transfers").add("basic");
    ArrayNode objects = question.putArray("objects");
    for (Map.Entry<Upload, String> entry : wanted) {
      objects.addObject().put("oid", entry.getValue()).put("size", entry.getKey().bytes());
    }
    URI address =
        connection.address(
            "/%s%s.git/info/lfs/objects/batch".formatted(target.type().urlPrefix(), target.id()));
    JsonNode answer =
        Hub.json(
            connection.ask(
                address,
                Question.post(question.toString().getBytes(UTF_8), LFS_JSON)
                    .with("Accept", LFS_JSON)),
            "the upload to " + target,
            connection);
    Map<String, JsonNode> actions = new HashMap<>();
    for (JsonNode object : answer.path("objects")) {
      if (object.has("error")) {
        throw new HubException(
            HubException.Reason.REFUSED,
            "The hub's storage does not take a file of %s: %s."
                .formatted(target, object.path("error").path("message").asText()));
      }
      actions.put(object.path("oid").asText(), object.path("actions"));
    }
    return actions;
  }

  private void put(Upload upload, JsonNode actions) {
    listener.accept("Uploading %s (%,d bytes)".formatted(upload.path(), upload.bytes()));
    JsonNode action = actions.path("upload");
    if (action.path("header").has("chunk_size")) {
      throw new HubException(
          HubException.Reason.REFUSED,
          "The hub wants %s in parts, which is not done. Save the model in smaller shards."
              .formatted(upload.path()));
    }
    URI address = connection.storage(action.path("href").asText());
    Question question = Question.put(body(upload), upload.bytes());
    for (Map.Entry<String, JsonNode> header : action.path("header").properties()) {
      question = question.with(header.getKey(), header.getValue().asText());
    }
    HttpResponse<InputStream> answer = connection.ask(address, question);
    if (answer.statusCode() >= 300) {
      throw Refusal.of(answer, upload.path(), connection);
    }
    Hub.close(answer);
    JsonNode verify = actions.path("verify");
    if (verify.has("href")) {
      ObjectNode stored = NODES.objectNode().put("oid", sha256(upload)).put("size", upload.bytes());
      URI check = connection.storage(verify.path("href").asText());
      Hub.json(
          connection.ask(check, Question.post(stored.toString().getBytes(UTF_8), LFS_JSON)),
          upload.path(),
          connection);
    }
  }

  private String commit(List<Upload> uploads, Map<Upload, String> hashes, String message) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    ObjectNode header = NODES.objectNode().put("key", "header");
    header.putObject("value").put("summary", message).put("description", "");
    lines.writeBytes((header + "\n").getBytes(UTF_8));
    for (Upload upload : uploads) {
      String hash = hashes.get(upload);
      ObjectNode line = NODES.objectNode();
      if (hash == null) {
        line.put("key", "file")
            .putObject("value")
            .put("path", upload.path())
            .put("encoding", "base64")
            .put("content", Base64.getEncoder().encodeToString(bytes(upload, Integer.MAX_VALUE)));
      } else {
        line.put("key", "lfsFile")
            .putObject("value")
            .put("path", upload.path())
            .put("algo", "sha256")
            .put("oid", hash)
            .put("size", upload.bytes());
      }
      lines.writeBytes((line + "\n").getBytes(UTF_8));
    }
    JsonNode answer =
        Hub.json(
            connection.ask(
                connection.address(api("commit")),
                Question.post(lines.toByteArray(), "application/x-ndjson")),
            "the upload to " + target,
            connection);
    return answer.path("commitUrl").asText(answer.path("commitOid").asText());
  }

  private String api(String action) {
    return "/api/%s/%s/%s/%s"
        .formatted(
            target.type().plural(), target.id(), action, HubPath.encodedPart(target.revision()));
  }

  private HttpResponse<InputStream> post(String path, ObjectNode content) {
    return connection.ask(
        connection.address(path), Question.post(content.toString().getBytes(UTF_8), JSON));
  }

  private static BodyPublisher body(Upload upload) {
    try {
      return upload.content() instanceof Content.OnDisk disk
          ? BodyPublishers.ofFile(disk.file())
          : BodyPublishers.ofByteArray(bytes(upload, Integer.MAX_VALUE));
    } catch (IOException e) {
      throw unreadable(upload, e);
    }
  }

  private static byte[] bytes(Upload upload, int most) {
    if (upload.content() instanceof Content.Text text) {
      byte[] all = text.text().getBytes(UTF_8);
      return Arrays.copyOf(all, Math.min(all.length, most));
    }
    try (InputStream in = Files.newInputStream(((Content.OnDisk) upload.content()).file())) {
      return in.readNBytes(most);
    } catch (IOException e) {
      throw unreadable(upload, e);
    }
  }

  private static String sha256(Upload upload) {
    try {
      if (upload.content() instanceof Content.OnDisk disk) {
        return BlobHash.sha256(disk.file());
      }
      return BlobHash.sha256(bytes(upload, Integer.MAX_VALUE));
    } catch (IOException e) {
      throw unreadable(upload, e);
    }
  }

  private static UncheckedIOException unreadable(Upload upload, IOException e) {
    return new UncheckedIOException("%s cannot be read: %s.".formatted(upload.path(), e), e);
  }
}
