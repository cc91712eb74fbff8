package org.attune.server.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of bodies with what keeps it and what breaks it: {@code contract/validators.txt}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ValidatorsTest {

  private World world;
  private AnswerSchemas schemas;

  @BeforeAll
  void start(@TempDir Path folder) {
    world = new World(open(folder));
    schemas = new AnswerSchemas(world.caller("owner"));
  }

  /** Over the embedded database; a subclass tries the same over another. */
  TestServer open(Path folder) {
    return TestServer.over(folder);
  }

  @AfterAll
  void stop() {
    world.close();
  }

  /** A heading by itself, and each row with its heading. */
  static List<Arguments> rows() {
    List<Arguments> rows = new ArrayList<>();
    String heading = "";
    for (String row : Table.rows("validators.txt")) {
      if (row.startsWith(" ")) {
        rows.add(Arguments.of(row.strip().replaceAll(" {2,}", " "), heading));
      } else {
        heading = row;
        rows.add(Arguments.of("takes", heading));
      }
    }
    return rows;
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("rows")
  void are_obeyed(String row, String heading) {
    world.fresh();
    String[] head = heading.split(" ", 4);
    String[] halves = row.split(" \\| ", 2);
    String[] parts = halves[0].split(" ", 2);
    String path = world.fill(head[2]);
    String body = world.fill(head[3]);
    Object sent = parts.length < 2 ? body : Change.apply(body, world.fill(parts[1]));

    Caller.Answer answer = world.caller("owner").send(head[1], path, sent);

    int expected = parts[0].equals("takes") ? Integer.parseInt(head[0]) : 422;
    assertThat(answer.status()).as(answer.body()).isEqualTo(expected);
    assertThat(answer.body()).contains(halves.length < 2 ? "" : halves[1]);
    schemas.check(head[1], path, answer);
  }
}
