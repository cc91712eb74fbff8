package org.attune.server.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PeoplePagesTest {

  private static final String PASSWORD = "a long password";
  private static final Pattern KEY = Pattern.compile("class=\"secret\"[^>]*value=\"([^\"]+)\"");

  private TestServer server;
  private Visitor owner;

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    server = TestServer.over(data);
    owner = new Visitor(server.address());
    owner.signIn("owner", "owner's password");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> create(String username, String firstName) throws Exception {
    return owner.post(
        "/users",
        Map.of(
            "username", username, "firstName", firstName, "password", PASSWORD, "role", "admin"));
  }

  private static String keyIn(HttpResponse<String> page) {
    Matcher key = KEY.matcher(page.body());
    assertThat(key.find()).as(page.body()).isTrue();
    return key.group(1);
  }

  private Visitor signedIn(TestServer.Person person) throws Exception {
    Visitor visitor = new Visitor(server.address());
    visitor.signIn(person.username(), PASSWORD);
    return visitor;
  }

  @Test
  void a_new_user_is_shown_with_a_key_that_works_and_is_not_shown_again() throws Exception {
    HttpResponse<String> created = create("mina", "Mïna 日本");
    String key = keyIn(created);

    assertThat(created.body()).contains("Mïna 日本");
    assertThat(server.caller(key).get("/api/v1/me").text("username")).isEqualTo("mina");
    String id = server.caller(key).get("/api/v1/me").text("id");
    assertThat(owner.get("/users/" + id).body()).contains("mina").doesNotContain(key);
    assertThat(owner.get("/users").body()).contains("mina").doesNotContain(key);
  }

  @Test
  void a_name_that_is_taken_is_refused_and_what_was_typed_stays() throws Exception {
    create("mina", "Mina");
    HttpResponse<String> again = create("mina", "Other Mina");

    assertThat(again.statusCode()).isEqualTo(422);
    assertThat(again.body()).contains("Somebody has that user name").contains("Other Mina");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-mina", "mi na", "mïna", "<b>"})
  void a_user_name_of_other_characters_is_refused(String name) throws Exception {
    assertThat(create(name, "Mina").statusCode()).isEqualTo(422);
  }

  @Test
  void a_new_key_ends_the_former_one() throws Exception {
    TestServer.Person person = server.person("annotator", null);
    String key = keyIn(owner.post("/users/" + person.id() + "/key", Map.of()));

    assertThat(person.caller().get("/api/v1/me").status()).isEqualTo(401);
    assertThat(server.caller(key).get("/api/v1/me").status()).isEqualTo(200);
  }

  @Test
  void the_only_owner_stays_one() throws Exception {
    String id = server.owner().get("/api/v1/me").text("id");
    Map<String, String> demoted =
        Map.of("username", "owner", "firstName", "Owner", "role", "annotator");
    HttpResponse<String> changed = owner.post("/users/" + id, demoted);

    assertThat(changed.headers().firstValue("Location"))
        .hasValue("/users/" + id + "?wrong=only-owner");
    assertThat(owner.get("/users/" + id + "?wrong=only-owner").body()).contains("the only owner");
    assertThat(server.owner().get("/api/v1/me").text("role")).isEqualTo("owner");
    assertThat(owner.post("/users/" + id + "/delete", Map.of()).statusCode()).isEqualTo(422);
  }

  @Test
  void a_deleted_user_signs_in_no_more() throws Exception {
    TestServer.Person person = server.person("annotator", null);
    owner.post("/users/" + person.id() + "/delete", Map.of());

    assertThat(person.caller().get("/api/v1/me").status()).isEqualTo(401);
    assertThat(owner.get("/users").body()).doesNotContain(person.username());
  }

  @Nested
  class Workspaces {

    @Test
    void are_made_filled_emptied_and_deleted() throws Exception {
      TestServer.Person person = server.person("annotator", null);
      owner.post("/workspaces", Map.of("name", "news"));
      String id =
          server.owner().get("/api/v1/me/workspaces").items().stream()
              .filter(workspace -> "news".equals(workspace.get("name")))
              .map(workspace -> String.valueOf(workspace.get("id")))
              .findFirst()
              .orElseThrow();
      owner.post("/workspaces/" + id + "/members", Map.of("user", person.id()));

      assertThat(person.caller().get("/api/v1/me/workspaces").items()).hasSize(1);
      owner.post("/workspaces/" + id + "/members/" + person.id() + "/remove", Map.of());
      assertThat(person.caller().get("/api/v1/me/workspaces").items()).isEmpty();
      owner.post("/workspaces/" + id + "/delete", Map.of());
      assertThat(owner.get("/workspaces").body()).doesNotContain(id);
    }

    @Test
    void of_a_taken_or_impossible_name_are_refused() throws Exception {
      owner.post("/workspaces", Map.of("name", "news"));

      assertThat(owner.post("/workspaces", Map.of("name", "news")).body())
          .contains("a workspace of that name already");
      assertThat(owner.post("/workspaces", Map.of("name", "Ünïcode")).statusCode()).isEqualTo(422);
    }

    @Test
    void with_datasets_are_not_deleted() throws Exception {
      String id = server.workspace();
      server.dataset(id);

      assertThat(owner.post("/workspaces/" + id + "/delete", Map.of()).statusCode()).isEqualTo(409);
    }
  }

  @Nested
  class One_s_own_account {

    @Test
    void gets_a_new_password_for_the_present_one() throws Exception {
      TestServer.Person person = server.person("annotator", null);
      Visitor visitor = signedIn(person);
      String path = "/account/password";

      assertThat(
              visitor.post(path, Map.of("present", "wrong", "password", "new password 1")).body())
          .contains("present password is another one");
      assertThat(visitor.post(path, Map.of("present", PASSWORD, "password", "short")).statusCode())
          .isEqualTo(422);
      visitor.post(path, Map.of("present", PASSWORD, "password", "new password 1"));
      assertThat(visitor.get("/account").statusCode()).isEqualTo(302);
      assertThat(visitor.signIn(person.username(), "new password 1").statusCode()).isEqualTo(302);
    }

    @Test
    void gets_a_new_key() throws Exception {
      TestServer.Person person = server.person("annotator", null);
      String key = keyIn(signedIn(person).post("/account/key", Map.of()));

      assertThat(server.caller(key).get("/api/v1/me").text("username"))
          .isEqualTo(person.username());
      assertThat(person.caller().get("/api/v1/me").status()).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"annotator", "admin"})
  void only_the_owner_manages_accounts(String role) throws Exception {
    Visitor visitor = signedIn(server.person(role, null));
    String id = server.owner().get("/api/v1/me").text("id");

    assertThat(visitor.get("/users").statusCode()).isEqualTo(403);
    assertThat(visitor.get("/users/" + id).statusCode()).isEqualTo(403);
    for (String path :
        new String[] {
          "/users",
          "/users/" + id,
          "/users/" + id + "/key",
          "/users/" + id + "/password",
          "/users/" + id + "/delete",
          "/workspaces",
          "/workspaces/none/delete"
        }) {
      assertThat(visitor.post(path, Map.of()).statusCode()).as(path).isEqualTo(403);
    }
  }

  @Test
  void an_annotator_sees_no_workspaces_page_and_an_admin_only_the_own_ones() throws Exception {
    String own = server.workspace();
    String other = server.workspace();

    assertThat(signedIn(server.person("annotator", own)).get("/workspaces").statusCode())
        .isEqualTo(403);
    assertThat(signedIn(server.person("admin", own)).get("/workspaces").body())
        .contains("id=\"" + own + "\"")
        .doesNotContain(other)
        .doesNotContain("/members");
  }
}
