package org.attune.server.assignment;

import java.nio.file.Path;
import org.attune.server.PostgreSqlCluster;
import org.attune.server.ServerOptions;
import org.attune.server.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same rules over PostgreSQL. */
@Tag("postgresql")
class AssignmentPostgreSqlTest extends AssignmentTest {

  private static @Nullable PostgreSqlCluster cluster;
  private ServerOptions.@Nullable PostgreSql database;

  @BeforeAll
  static void start() {
    cluster = PostgreSqlCluster.start();
  }

  @AfterAll
  static void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Override
  protected TestServer open(Path folder) {
    if (database == null && cluster != null) {
      database = cluster.database();
    }
    return TestServer.over(folder, database);
  }
}
