package org.attune.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.attune.server.account.FirstStart;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/** A server of its own for a test, with an owner whose key is known. */
public final class TestServer implements AutoCloseable {

  public static final String OWNER_KEY = "owner.apikey";

  private final AttuneServer server;
  private int made;

  private TestServer(AttuneServer server) {
    this.server = server;
  }

  /** Starts a server over a folder, which may hold what an earlier one left. */
  public static TestServer over(Path folder) {
    return over(folder, null);
  }

  /** Starts a server with settings, such as {@code attune.requests-per-minute}. */
  public static TestServer with(Path folder, Map<String, String> settings) {
    settings.forEach(System::setProperty);
    try {
      return over(folder);
    } finally {
      settings.keySet().forEach(System::clearProperty);
    }
  }

  /** Starts a server over a PostgreSQL database. */
  public static TestServer over(Path folder, ServerOptions.@Nullable PostgreSql database) {
    return over(folder, database, SignInOptions.byPassword());
  }

  /** Starts a server where people sign in in some way. */
  public static TestServer signingIn(Path folder, SignInOptions signIn) {
    return over(folder, null, signIn);
  }

  private static TestServer over(
      Path folder, ServerOptions.@Nullable PostgreSql database, SignInOptions signIn) {
    return new TestServer(
        AttuneServer.start(
            new ServerOptions(
                "127.0.0.1",
                0,
                folder,
                database,
                new FirstStart.Owner("owner", "owner's password", OWNER_KEY),
                signIn)));
  }

  public String address() {
    return server.address();
  }

  /** Every route that the server registers, as method and path; {@code ANY} where any will do. */
  public Set<String> routes() {
    Set<String> routes = new TreeSet<>();
    for (RequestMappingInfo info : server.routes().getHandlerMethods().keySet()) {
      Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
      for (String path : info.getPatternValues()) {
        if (methods.isEmpty()) {
          routes.add("ANY " + path);
        }
        methods.forEach(method -> routes.add(method + " " + path));
      }
    }
    return routes;
  }

  public Caller owner() {
    return caller(OWNER_KEY);
  }

  public Caller caller(@Nullable String apiKey) {
    return new Caller(address(), apiKey);
  }

  /** A new user, by id and key. */
  public record Person(String id, String username, String apiKey, Caller caller) {}

  /** Makes a user of a role, who belongs to a workspace if one is given. */
  public Person person(String role, @Nullable String workspaceId) {
    String username = role + "-" + ++made;
    Caller.Answer created =
        owner()
            .post(
                "/api/v1/users",
                Map.of(
                    "username",
                    username,
                    "first_name",
                    username,
                    "role",
                    role,
                    "password",
                    "a long password"));
    String id = created.text("id");
    if (workspaceId != null) {
      owner().post("/api/v1/workspaces/" + workspaceId + "/users", Map.of("user_id", id));
    }
    String apiKey = created.text("api_key");
    return new Person(id, username, apiKey, caller(apiKey));
  }

  /** The id of a new workspace. */
  public String workspace() {
    return owner().post("/api/v1/workspaces", Map.of("name", "workspace-" + ++made)).text("id");
  }

  /**
   * The id of a new, published dataset: text fields {@code text} (required) and {@code note}, the
   * questions {@code label} (required; yes, no) and {@code rating} (0 to 5), the properties {@code
   * length} and {@code source}, and vectors {@code meaning} of 3 dimensions.
   */
  public String dataset(String workspaceId) {
    Caller owner = owner();
    String id =
        owner
            .post(
                "/api/v1/datasets",
                Map.of("name", "dataset-" + ++made, "workspace_id", workspaceId))
            .text("id");
    String path = "/api/v1/datasets/" + id;
    owner.post(path + "/fields", field("text", true));
    owner.post(path + "/fields", field("note", false));
    owner.post(path + "/questions", labels());
    owner.post(path + "/questions", rating());
    owner.post(path + "/metadata-properties", property("length", Map.of("type", "integer")));
    owner.post(path + "/metadata-properties", property("source", Map.of("type", "terms")));
    owner.post(
        path + "/vectors-settings", Map.of("name", "meaning", "title", "Meaning", "dimensions", 3));
    owner.put(path + "/publish", null);
    return id;
  }

  public static Map<String, Object> field(String name, boolean required) {
    return Map.of(
        "name", name, "title", name, "required", required, "settings", Map.of("type", "text"));
  }

  public static Map<String, Object> labels() {
    return Map.of(
        "name",
        "label",
        "title",
        "Label",
        "required",
        true,
        "settings",
        Map.of(
            "type",
            "label_selection",
            "options",
            List.of(Map.of("value", "yes", "text", "Yes"), Map.of("value", "no", "text", "No"))));
  }

  public static Map<String, Object> rating() {
    return Map.of(
        "name",
        "rating",
        "title",
        "Rating",
        "required",
        false,
        "settings",
        Map.of(
            "type",
            "rating",
            "options",
            List.of(0, 1, 2, 3, 4, 5).stream().map(value -> Map.of("value", value)).toList()));
  }

  private static Map<String, Object> property(String name, Map<String, Object> settings) {
    return Map.of("name", name, "title", name, "settings", settings);
  }

  @Override
  public void close() {
    server.close();
  }
}
