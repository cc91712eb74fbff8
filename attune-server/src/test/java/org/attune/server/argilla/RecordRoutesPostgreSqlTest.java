package org.attune.server.argilla;

import java.nio.file.Path;
import org.attune.server.PostgreSqlCluster;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/** The same routes over PostgreSQL. */
@Tag("postgresql")
class RecordRoutesPostgreSqlTest extends RecordRoutesTest {

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
