package org.attune.server.contract;

import java.nio.file.Path;
import org.attune.server.PostgreSqlCluster;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/** The same rules over PostgreSQL, which takes fewer texts than SQLite does. */
@Tag("postgresql")
class ValidatorsPostgreSqlTest extends ValidatorsTest {

  private final PostgreSqlCluster cluster = PostgreSqlCluster.start();

  @Override
  TestServer open(Path folder) {
    return TestServer.over(folder, cluster.database());
  }

  @AfterAll
  void end() {
    cluster.close();
  }
}
