package org.attune.feedback.client;

import static org.attune.feedback.client.Connection.encoded;
import static org.attune.feedback.client.Connection.items;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.attune.data.InvalidInputException;
import org.attune.feedback.argilla.FieldJson;
import org.attune.feedback.argilla.MetadataPropertyJson;
import org.attune.feedback.argilla.QuestionJson;
import org.attune.feedback.argilla.VectorSettingsJson;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.question.Question;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * A person's view of a feedback server: its people, workspaces and datasets.
 *
 * <p>Every method asks the server and throws {@link FeedbackClientException} if it refuses or
 * cannot be reached. Safe for use by several threads.
 */
public final class FeedbackClient {

  private final Connection connection;

  private FeedbackClient(Connection connection) {
    this.connection = connection;
  }

  /**
   * A client of the person whom the key belongs to.
   *
   * @throws FeedbackClientException if the server does not know the key, or does not answer
   */
  public static FeedbackClient connect(URI server, String apiKey) {
    return connect(ClientSettings.of(server, apiKey));
  }

  /** A client with settings of its own; it asks once who it is, to fail early. */
  public static FeedbackClient connect(ClientSettings settings) {
    FeedbackClient client = new FeedbackClient(new Connection(settings));
    client.me();
    return client;
  }

  /** A client with what the environment says; see {@link ClientSettings#fromEnvironment}. */
  public static FeedbackClient connect() {
    return connect(ClientSettings.fromEnvironment(System.getenv()));
  }

  /** The person whom the key belongs to. */
  public Account me() {
    return Account.of(connection.get("tell who you are", "v1/me"));
  }

  /** All people; only an owner may ask. */
  public List<Account> users() {
    return accounts(connection.get("list the users", "v1/users"));
  }

  public List<Account> users(Workspace workspace) {
    return accounts(
        connection.get(
            "list the users of the workspace " + workspace.name(),
            "v1/workspaces/" + workspace.id() + "/users"));
  }

  private static List<Account> accounts(Map<?, ?> answer) {
    return items(answer).stream().map(Account::of).toList();
  }

  /**
   * Makes an account.
   *
   * @param role {@code owner}, {@code admin} or {@code annotator}
   * @param password of 8 to 100 characters
   */
  public Account createUser(String username, String firstName, String role, String password) {
    Problems problems = Problems.none();
    Names.checkUsername(username, problems);
    problems.throwIfAny("the account");
    Map<String, Object> body =
        Map.of("username", username, "first_name", firstName, "role", role, "password", password);
    return Account.of(connection.post("create the user " + username, "v1/users", body));
  }

  public void deleteUser(Account user) {
    connection.delete("delete the user " + user.username(), "v1/users/" + user.id());
  }

  /** The workspaces of the person; all of them for an owner. */
  public List<Workspace> workspaces() {
    return items(connection.get("list the workspaces", "v1/me/workspaces")).stream()
        .map(Workspace::of)
        .toList();
  }

  /**
   * The workspace of that name.
   *
   * @throws InvalidInputException if the person has none of that name
   */
  public Workspace workspace(String name) {
    List<Workspace> all = workspaces();
    return all.stream()
        .filter(workspace -> workspace.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "There is no workspace \"%s\". Yours are %s; an owner can create it."
                        .formatted(name, all.stream().map(Workspace::name).toList())));
  }

  public Workspace createWorkspace(String name) {
    Problems problems = Problems.none();
    Names.checkWorkspace(name, problems);
    problems.throwIfAny("the workspace");
    return Workspace.of(
        connection.post("create the workspace " + name, "v1/workspaces", Map.of("name", name)));
  }

  public void deleteWorkspace(Workspace workspace) {
    connection.delete(
        "delete the workspace " + workspace.name(), "v1/workspaces/" + workspace.id());
  }

  public void addUser(Workspace workspace, Account user) {
    connection.post(
        "add %s to the workspace %s".formatted(user.username(), workspace.name()),
        "v1/workspaces/" + workspace.id() + "/users",
        Map.of("user_id", user.id()));
  }

  public void removeUser(Workspace workspace, Account user) {
    connection.delete(
        "remove %s from the workspace %s".formatted(user.username(), workspace.name()),
        "v1/workspaces/%s/users/%s".formatted(workspace.id(), user.id()));
  }

  /** The datasets of a workspace. */
  public List<RemoteDataset> datasets(Workspace workspace) {
    Map<?, ?> answer =
        connection.get(
            "list the datasets of " + workspace.name(),
            "v1/me/datasets?workspace_id=" + encoded(workspace.id()));
    return items(answer).stream()
        .map(item -> RemoteDataset.of(connection, workspace, item))
        .toList();
  }

  /**
   * The dataset of that name.
   *
   * @throws InvalidInputException if the workspace has none of that name
   */
  public RemoteDataset dataset(String name, Workspace workspace) {
    List<RemoteDataset> all = datasets(workspace);
    return all.stream()
        .filter(dataset -> dataset.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "The workspace \"%s\" has no dataset \"%s\". It has %s."
                        .formatted(
                            workspace.name(),
                            name,
                            all.stream().map(RemoteDataset::name).toList())));
  }

  /** The dataset of that name, if the workspace has one. */
  public Optional<RemoteDataset> findDataset(String name, Workspace workspace) {
    return datasets(workspace).stream().filter(found -> found.name().equals(name)).findFirst();
  }

  /**
   * Makes a dataset without records, and publishes it.
   *
   * @throws FeedbackClientException if the server refuses a part of it; nothing is left of it then
   */
  public RemoteDataset create(String name, Workspace workspace, FeedbackSettings settings) {
    return create(name, workspace, settings, 1);
  }

  /**
   * Makes a dataset without records, and publishes it.
   *
   * @param minSubmitted how many submitted responses complete a record
   */
  public RemoteDataset create(
      String name, Workspace workspace, FeedbackSettings settings, int minSubmitted) {
    Problems problems = Problems.none();
    Names.checkDataset(name, problems);
    problems.throwIfAny("the dataset");
    String what = "create the dataset " + name;
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("workspace_id", workspace.id());
    body.put("guidelines", settings.guidelines());
    body.put("allow_extra_metadata", settings.allowExtraMetadata());
    body.put("distribution", Map.of("strategy", "overlap", "min_submitted", minSubmitted));
    Map<?, ?> created = connection.post(what, "v1/datasets", body);
    String path = "v1/datasets/" + created.get("id");
    try {
      for (Part part : parts(settings)) {
        connection.post(what + ": " + part.what(), path + part.path(), part.body());
      }
      connection.put(what, path + "/publish", Map.of());
    } catch (FeedbackClientException e) {
      remove(path, e);
      throw e;
    }
    return RemoteDataset.of(connection, workspace, created);
  }

  /** What is posted for one field, question, property or vector. */
  private record Part(String what, String path, Map<String, @Nullable Object> body) {}

  private static List<Part> parts(FeedbackSettings settings) {
    List<Part> parts = new ArrayList<>();
    for (Field field : settings.fields()) {
      parts.add(new Part("field " + field.name(), "/fields", FieldJson.write(field)));
    }
    for (Question question : settings.questions()) {
      parts.add(
          new Part("question " + question.name(), "/questions", QuestionJson.write(question)));
    }
    for (MetadataProperty property : settings.metadataProperties()) {
      parts.add(
          new Part(
              "metadata property " + property.name(),
              "/metadata-properties",
              MetadataPropertyJson.write(property)));
    }
    for (VectorSettings vector : settings.vectors()) {
      parts.add(
          new Part(
              "vector " + vector.name(), "/vectors-settings", VectorSettingsJson.write(vector)));
    }
    return parts;
  }

  private void remove(String path, FeedbackClientException failure) {
    try {
      connection.delete("delete what was created", path);
    } catch (FeedbackClientException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public String toString() {
    return Objects.toString(connection.settings());
  }
}
