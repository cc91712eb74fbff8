package org.attune.server.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every route with each way it can end, as {@code contract/routes.txt} lists them. Each answer has
 * the status of its row, holds the text after the bar, and has the form that is described for it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutesTest {

  private World world;
  private AnswerSchemas schemas;

  @BeforeAll
  void start(@TempDir Path folder) {
    world = new World(TestServer.over(folder));
    schemas = new AnswerSchemas(world.caller("owner"));
  }

  @AfterAll
  void stop() {
    world.close();
  }

  static List<String> rows() {
    return Table.rows("routes.txt");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void answers_as_listed(String row) {
    world.fresh();
    String[] halves = row.split(" \\| ", -1);
    String[] parts = halves[0].strip().split(" +", 5);
    String path = world.fill(parts[3]);
    String body = parts.length < 5 ? null : world.fill(parts[4]);

    Caller.Answer answer = world.caller(parts[1]).send(parts[2], path, body);

    assertThat(answer.status()).as(answer.body()).isEqualTo(Integer.parseInt(parts[0]));
    if (halves.length > 1) {
      assertThat(answer.body()).contains(world.fill(halves[1]));
    }
    schemas.check(parts[2], path, answer);
  }

  static Stream<String> routes() {
    return rows().stream()
        .map(row -> row.split(" \\| ", -1)[0].strip().split(" +", 5))
        .map(parts -> parts[2] + " " + parts[3].replaceFirst("\\?.*", ""))
        .distinct();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("routes")
  void refuses_whoever_has_no_key_unless_it_is_open(String route) {
    world.fresh();
    String[] parts = route.split(" ", -1);
    String path = world.fill(parts[1]);

    Caller.Answer answer = world.caller("nobody").send(parts[0], path, null);

    assertThat(answer.status() != 401).isEqualTo(schemas.isOpen(parts[0], path));
    schemas.check(parts[0], path, answer);
  }
}
