package org.attune.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What the server writes about itself while people use their passwords and keys. */
final class SecretsInLogTest {

  private static final String PASSWORD = "a long password";

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private TestServer server;

  @BeforeEach
  void a_server_that_logs_more_than_usual(@TempDir Path folder) {
    server = TestServer.over(folder);
    log.start();
    logger("ROOT").addAppender(log);
    logger("ROOT").setLevel(Level.INFO);
    logger("org.attune").setLevel(Level.TRACE);
  }

  @AfterEach
  void stop() {
    logger("ROOT").detachAppender(log);
    logger("ROOT").setLevel(Level.WARN);
    logger("org.attune").setLevel(null);
    server.close();
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (ILoggingEvent event : List.copyOf(log.list)) {
      lines.add(
          event.getFormattedMessage()
              + (event.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(event.getThrowableProxy())));
    }
    return lines;
  }

  @Test
  void passwords_keys_tokens_and_sessions_are_not_in_it() throws Exception {
    TestServer.Person person = server.person("annotator", null);
    Visitor visitor = new Visitor(server.address());
    visitor.signIn(person.username(), "a wrong password");
    visitor.signIn(person.username(), PASSWORD);
    String session = visitor.session().replace("attune_session=", "");
    visitor.post("/account/key", Map.of("days", "never"));
    visitor.get("/users");
    person.caller().get("/api/v1/users");
    person.caller().post("/api/v1/datasets", "{broken");
    server.caller("a wrong key").get("/api/v1/me");
    String token =
        visitor
            .post("/api/v1/token", Map.of("username", person.username(), "password", PASSWORD))
            .body()
            .replaceAll(".*\"access_token\":\"([^\"]+)\".*", "$1");
    visitor.post("/account/password", Map.of("present", PASSWORD, "password", "another password"));

    assertThat(lines()).as("the log was captured").anyMatch(line -> line.contains("Refused GET"));
    assertThat(token).hasSize(43);
    assertThat(lines())
        .noneMatch(
            line ->
                List.of(
                        PASSWORD,
                        "a+long+password",
                        "a wrong password",
                        "another password",
                        "a wrong key",
                        person.apiKey(),
                        TestServer.OWNER_KEY,
                        session,
                        token)
                    .stream()
                    .anyMatch(line::contains));
  }

  @Test
  void a_path_cannot_forge_a_line() throws Exception {
    Visitor visitor = new Visitor(server.address());
    TestServer.Person person = server.person("annotator", null);
    visitor.signIn(person.username(), PASSWORD);
    visitor.get("/users/%0d%0aRefused%20nothing");

    assertThat(lines()).noneMatch(line -> line.startsWith("Refused") && line.contains("\n"));
  }
}
