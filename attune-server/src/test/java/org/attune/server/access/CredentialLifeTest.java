package org.attune.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long keys, tokens and sessions open the server. */
final class CredentialLifeTest {

  private static final String PASSWORD = "a long password";
  private static final Pattern KEY = Pattern.compile("class=\"secret\"[^>]*value=\"([^\"]+)\"");
  private static final long HOUR = 3_600_000_000L;

  @TempDir Path folder;

  private TestServer server;
  private TestServer.Person person;
  private Visitor visitor;

  @BeforeEach
  void somebody_signs_in() throws Exception {
    server = TestServer.over(folder);
    person = server.person("annotator", null);
    visitor = new Visitor(server.address());
    visitor.signIn(person.username(), PASSWORD);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Changes what the server wrote, as if time had passed. */
  private void rewrite(String assignments, String kind) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("attune.db"));
        Statement statement = connection.createStatement()) {
      int changed =
          statement.executeUpdate(
              "UPDATE credentials SET %s WHERE kind = '%s' AND user_id = '%s'"
                  .formatted(assignments, kind, person.id()));
      assertThat(changed).isPositive();
    }
  }

  private String query(String column, String kind) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("attune.db"));
        Statement statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT %s FROM credentials WHERE kind = '%s' AND user_id = '%s'"
                    .formatted(column, kind, person.id()))) {
      return row.next() ? String.valueOf(row.getString(1)) : "no row";
    }
  }

  @Test
  void a_key_with_an_expiry_works_until_then_and_says_so_afterwards() throws Exception {
    Matcher made = KEY.matcher(visitor.post("/account/key", Map.of("days", "30")).body());
    assertThat(made.find()).isTrue();
    Caller caller = server.caller(made.group(1));
    assertThat(caller.get("/api/v1/me").status()).isEqualTo(200);

    rewrite("expires_at = 1700000000000000", "api_key");

    Caller.Answer expired = caller.get("/api/v1/me");
    assertThat(expired.status()).isEqualTo(401);
    assertThat(expired.body())
        .contains("argilla.api.errors::UnauthorizedError")
        .contains("expired on 2023-11-14 22:13 UTC", "make another");
  }

  @Test
  void a_key_expires_after_a_number_of_days_only() throws Exception {
    for (String days : new String[] {"0", "-1", "3651", "soon"}) {
      HttpResponse<String> refused = visitor.post("/account/key", Map.of("days", days));
      assertThat(refused.statusCode()).as(days).isEqualTo(422);
    }
    assertThat(person.caller().get("/api/v1/me").status()).as("the key stays").isEqualTo(200);
  }

  @Test
  void the_account_tells_when_the_key_was_made_expires_and_was_used() throws Exception {
    assertThat(visitor.get("/account").body()).contains("Not yet").contains("Never");
    person.caller().get("/api/v1/me");
    String used = visitor.get("/account").body();

    assertThat(used).doesNotContain("Not yet").doesNotContain(person.apiKey());
  }

  @Test
  void the_last_use_is_not_written_for_each_request() throws Exception {
    person.caller().get("/api/v1/me");
    String first = query("last_used_at", "api_key");
    person.caller().get("/api/v1/me");
    assertThat(query("last_used_at", "api_key")).isEqualTo(first);

    rewrite("last_used_at = last_used_at - " + HOUR, "api_key");
    person.caller().get("/api/v1/me");

    assertThat(Long.parseLong(query("last_used_at", "api_key")))
        .isGreaterThan(Long.parseLong(first));
  }

  @Test
  void the_database_holds_no_key_and_no_session() throws Exception {
    assertThat(query("hash", "api_key")).hasSize(64).isNotEqualTo(person.apiKey());
    assertThat(query("hash", "session"))
        .hasSize(64)
        .isNotEqualTo(visitor.session().replace("attune_session=", ""));
  }

  @Test
  void a_session_ends_after_a_day_without_a_request() throws Exception {
    assertThat(visitor.get("/").statusCode()).isEqualTo(200);
    rewrite("last_used_at = last_used_at - 23 * " + HOUR, "session");
    assertThat(visitor.get("/").statusCode()).isEqualTo(200);
    rewrite("last_used_at = last_used_at - 25 * " + HOUR, "session");

    assertThat(visitor.get("/").statusCode()).isEqualTo(302);
  }

  @Test
  void a_session_ends_after_a_week_however_busy() throws Exception {
    assertThat(Long.parseLong(query("expires_at - inserted_at", "session")))
        .isBetween(167 * HOUR, 169 * HOUR);
    rewrite("expires_at = 1", "session");

    assertThat(visitor.get("/").statusCode()).isEqualTo(302);
  }

  @Test
  void another_password_ends_every_session_and_token() throws Exception {
    Visitor elsewhere = new Visitor(server.address());
    elsewhere.signIn(person.username(), PASSWORD);
    visitor.post("/account/password", Map.of("present", PASSWORD, "password", "another password"));

    assertThat(visitor.get("/").statusCode()).isEqualTo(302);
    assertThat(elsewhere.get("/").statusCode()).isEqualTo(302);
  }
}
