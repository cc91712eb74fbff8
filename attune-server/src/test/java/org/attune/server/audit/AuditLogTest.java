package org.attune.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.attune.server.storage.Database;
import org.attune.server.storage.Databases;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditLogTest {

  private static final String PASSWORD = "a long password";

  @TempDir Path folder;

  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.over(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<Map<String, @Nullable Object>> entries(String query) {
    return server.owner().get("/api/attune/audit" + query).items();
  }

  private List<String> actions(String query) {
    return entries(query).stream().map(entry -> String.valueOf(entry.get("action"))).toList();
  }

  @Test
  void a_change_is_noted_with_who_asked_from_where_and_for_what() {
    TestServer.Person person = server.person("annotator", null);

    Map<String, @Nullable Object> entry = entries("?action=user.created").get(0);
    assertThat(entry)
        .containsEntry("username", "owner")
        .containsEntry("address", "127.0.0.1")
        .containsEntry("subject", "user " + person.id())
        .containsEntry("details", Map.of("username", person.username(), "role", "annotator"));
    assertThat(String.valueOf(entry.get("at"))).startsWith("20");
  }

  @Test
  void everything_that_people_do_to_the_server_is_noted() throws Exception {
    Caller owner = server.owner();
    String workspace = server.workspace();
    TestServer.Person person = server.person("admin", workspace);
    String dataset = server.dataset(workspace);
    String path = "/api/v1/datasets/" + dataset;
    owner.patch(path, Map.of("guidelines", "Be kind."));
    String record =
        String.valueOf(
            owner
                .post(
                    path + "/records/bulk",
                    Map.of("items", List.of(Map.of("fields", Map.of("text", "one")))))
                .items()
                .get(0)
                .get("id"));
    owner.get("/api/attune/datasets/" + dataset + "/export");
    owner.delete("/api/v1/records/" + record);
    owner.delete(path);
    String webhook =
        owner
            .post(
                "/api/v1/webhooks",
                Map.of("url", "https://example.org/", "events", List.of("record.created")))
            .text("id");
    owner.patch("/api/v1/webhooks/" + webhook, Map.of("enabled", false));
    owner.delete("/api/v1/webhooks/" + webhook);
    Visitor visitor = new Visitor(server.address());
    visitor.signIn(person.username(), "wrong");
    visitor.signIn(person.username(), PASSWORD);
    visitor.post("/account/key", Map.of());
    visitor.post("/sign-out", Map.of());
    visitor.signIn(person.username(), PASSWORD);
    visitor.post("/account/password", Map.of("present", PASSWORD, "password", "another password"));
    owner.patch("/api/v1/users/" + person.id(), Map.of("role", "annotator"));
    owner.delete("/api/v1/workspaces/" + workspace + "/users/" + person.id());
    owner.delete("/api/v1/users/" + person.id());
    owner.delete("/api/v1/workspaces/" + workspace);

    assertThat(actions("?limit=1000"))
        .contains(
            "server.started",
            "workspace.created",
            "member.added",
            "key.made",
            "dataset.created",
            "dataset.published",
            "dataset.changed",
            "dataset.exported",
            "records.deleted",
            "dataset.deleted",
            "webhook.created",
            "webhook.changed",
            "webhook.deleted",
            "session.refused",
            "session.started",
            "session.ended",
            "password.changed",
            "user.changed",
            "member.removed",
            "user.deleted",
            "workspace.deleted");
  }

  @Test
  void what_failed_was_not_done_and_is_not_noted() {
    String taken = server.person("annotator", null).username();
    int before = actions("?limit=1000").size();
    Map<String, String> again = Map.of("username", taken, "first_name", "A", "password", PASSWORD);

    assertThat(server.owner().post("/api/v1/users", again).status()).isEqualTo(409);
    assertThat(actions("?limit=1000")).hasSize(before);
  }

  @Test
  void no_secret_is_in_it() throws Exception {
    TestServer.Person person = server.person("annotator", null);
    Visitor visitor = new Visitor(server.address());
    visitor.signIn("the secret typed into the wrong field", "a wrong password");
    visitor.signIn(person.username(), PASSWORD);
    server
        .owner()
        .post(
            "/api/v1/webhooks",
            Map.of("url", "https://example.org/token123", "events", List.of("record.created")));

    assertThat(server.owner().get("/api/attune/audit?limit=1000").body())
        .doesNotContain(
            PASSWORD,
            person.apiKey(),
            TestServer.OWNER_KEY,
            visitor.session().replace("attune_session=", ""),
            "typed into the wrong field",
            "token123");
  }

  @Test
  void it_is_read_by_person_action_and_time_page_by_page() {
    server.workspace();
    server.workspace();

    assertThat(actions("?action=workspace.")).hasSize(3).containsOnly("workspace.created");
    assertThat(entries("?user=owner&action=workspace.created")).hasSize(2);
    assertThat(entries("?user=nobody")).isEmpty();
    assertThat(entries("?from=2999-01-01")).isEmpty();
    assertThat(entries("?until=1999-01-01T00:00:00")).isEmpty();
    Caller.Answer first = server.owner().get("/api/attune/audit?action=workspace.&limit=2");
    assertThat(entries("?action=workspace.&limit=2&before=" + first.text("next"))).hasSize(1);
  }

  @Test
  void a_filter_that_cannot_be_read_is_named() {
    Caller owner = server.owner();

    assertThat(owner.get("/api/attune/audit?from=yesterday").status()).isEqualTo(422);
    assertThat(owner.get("/api/attune/audit?from=yesterday").body()).contains("yesterday");
    assertThat(owner.get("/api/attune/audit?from=%2B999999999-01-01").status()).isEqualTo(422);
    assertThat(owner.get("/api/attune/audit?before=x").status()).isEqualTo(422);
    assertThat(owner.get("/api/attune/audit?limit=1001").status()).isEqualTo(422);
    assertThat(owner.get("/api/attune/audit?user=x'%20OR%20'1'='1").items()).isEmpty();
  }

  @Test
  void owners_find_it_on_a_page() throws Exception {
    Visitor owner = new Visitor(server.address());
    owner.signIn("owner", "owner's password");
    for (int i = 0; i < 26; i++) {
      server.workspace();
      server.person("annotator", server.workspace());
    }

    String page = owner.get("/audit?action=workspace.created").body();
    assertThat(page).contains("workspace.created", "name: workspace-", "Older entries");
    assertThat(owner.get("/audit?action=user.deleted").body()).contains("Nothing was done");
  }

  @Test
  void old_entries_are_forgotten() {
    server.close();
    try (Database database = Databases.embedded(folder, Clock.systemUTC())) {
      database.change(
          transaction -> transaction.update("UPDATE audit_log SET inserted_at = inserted_at / 2"));
      try (AuditRetention retention = new AuditRetention(database, Duration.ofDays(365))) {
        retention.forget();
      }

      assertThat(
              database.<Long>read(
                  transaction -> transaction.number("SELECT COUNT(*) FROM audit_log")))
          .isZero();
    }
  }
}
