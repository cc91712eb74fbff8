package org.attune.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attune.server.TestServer;
import org.attune.server.TestServer.Person;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every route that the server registers, asked by everybody, against a table that people read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RouteAccessTest {

  private static final String WAY_OUT =
      "Each route needs a row in attune-server/src/test/resources/org/attune/server/access/"
          + "access.txt: the route as it is registered, then the status for "
          + Stream.of(Sender.values()).map(Sender::text).collect(Collectors.joining(", "))
          + ". Where the path has variables or a body is needed, the next line, indented, says what"
          + " to ask for. The head of the file tells more.";

  private TestServer server;
  private Path folder;
  private List<AccessTable.Row> rows;

  @BeforeAll
  void start(@TempDir Path data) throws IOException {
    folder = data;
    server = TestServer.over(data);
    rows = AccessTable.read();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void every_route_has_a_row_and_every_row_a_route() {
    Set<String> listed =
        rows.stream().map(AccessTable.Row::route).collect(Collectors.toUnmodifiableSet());

    assertThat(listed).as(WAY_OUT).containsExactlyInAnyOrderElementsOf(server.routes());
  }

  @Test
  void everybody_gets_what_the_table_says() {
    Scene scene = new Scene(server);
    List<String> different = new ArrayList<>();
    for (AccessTable.Row row : rows) {
      List<Integer> statuses =
          Stream.of(Sender.values()).map(sender -> scene.ask(row, sender)).toList();
      if (!statuses.equals(row.statuses())) {
        different.add(row.with(statuses));
      }
    }

    assertThat(different)
        .as("Rows as the server answers, where access.txt says otherwise. " + WAY_OUT)
        .isEmpty();
  }

  @Test
  void a_key_that_was_replaced_opens_no_more_than_none() {
    Scene scene = new Scene(server);
    Person person = scene.person(Sender.OWNER);
    String former = person.apiKey();
    int rotated =
        scene.send(new AccessTable.Row("POST /account/key", List.of(), "/account/key", ""), former);

    assertThat(rotated).isEqualTo(200);
    assertThat(opened(scene, former)).isEqualTo(opened(scene, null));
  }

  @Test
  void a_key_that_expired_opens_no_more_than_none() throws Exception {
    Scene scene = new Scene(server);
    Person person = scene.person(Sender.OWNER);
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("attune.db"));
        PreparedStatement expire =
            connection.prepareStatement(
                "UPDATE credentials SET expires_at = 1 WHERE user_id = ?")) {
      expire.setString(1, person.id());
      assertThat(expire.executeUpdate()).isEqualTo(1);
    }

    assertThat(opened(scene, person.apiKey())).isEqualTo(opened(scene, null));
  }

  /** The status of every route for a key; refused before anything is looked at or changed. */
  private Map<String, Integer> opened(Scene scene, @Nullable String key) {
    return rows.stream()
        .collect(
            Collectors.toMap(
                row -> row.route() + " " + row.path() + row.body(), row -> scene.send(row, key)));
  }
}
