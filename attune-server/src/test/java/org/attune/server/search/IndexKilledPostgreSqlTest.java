package org.attune.server.search;

import org.attune.server.PostgreSqlCluster;
import org.attune.server.ServerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** The same over PostgreSQL. */
@Tag("postgresql")
class IndexKilledPostgreSqlTest extends IndexKilledTest {

  private final PostgreSqlCluster cluster = PostgreSqlCluster.start();

  @Override
  ServerOptions.PostgreSql shared() {
    return cluster.database();
  }

  @AfterEach
  void end() {
    cluster.close();
  }
}
