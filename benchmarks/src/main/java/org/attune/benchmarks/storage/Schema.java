package org.attune.benchmarks.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables of a feedback store, in SQL that the candidates and PostgreSQL share.
 *
 * <p>Rows refer to each other by number; what the outside world sees is the UUID. Answers are kept
 * twice: the current one, and every revision that there was.
 */
final class Schema {
  private static final List<String> STATEMENTS =
      List.of(
          """
          CREATE TABLE records (
            record_key BIGINT PRIMARY KEY, id VARCHAR(36) NOT NULL UNIQUE,
            dataset_key BIGINT NOT NULL, external_id VARCHAR(200), fields TEXT NOT NULL,
            metadata TEXT, status VARCHAR(10) NOT NULL, inserted_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL, UNIQUE (dataset_key, external_id))
          """,
          "CREATE INDEX records_by_status ON records (dataset_key, status, record_key)",
          """
          CREATE TABLE responses (
            record_key BIGINT NOT NULL REFERENCES records ON DELETE CASCADE,
            user_key BIGINT NOT NULL, status VARCHAR(10) NOT NULL, answers TEXT,
            revision BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            PRIMARY KEY (record_key, user_key))
          """,
          "CREATE INDEX responses_by_user ON responses (user_key, status, record_key)",
          """
          CREATE TABLE response_revisions (
            record_key BIGINT NOT NULL REFERENCES records ON DELETE CASCADE,
            user_key BIGINT NOT NULL, revision BIGINT NOT NULL, status VARCHAR(10) NOT NULL,
            answers TEXT, written_at BIGINT NOT NULL,
            PRIMARY KEY (record_key, user_key, revision))
          """,
          """
          CREATE TABLE suggestions (
            record_key BIGINT NOT NULL REFERENCES records ON DELETE CASCADE,
            question_key BIGINT NOT NULL, answer TEXT NOT NULL, score DOUBLE PRECISION,
            agent VARCHAR(200), PRIMARY KEY (record_key, question_key))
          """,
          """
          CREATE TABLE vectors (
            record_key BIGINT NOT NULL REFERENCES records ON DELETE CASCADE,
            vector_key BIGINT NOT NULL, components %s NOT NULL,
            PRIMARY KEY (record_key, vector_key))
          """);

  private Schema() {}

  static void create(Candidate candidate, Path folder) throws SQLException {
    try (Connection connection = candidate.connect(folder);
        Statement statement = connection.createStatement()) {
      for (String sql : STATEMENTS) {
        // PostgreSQL's name for the same is BYTEA
        statement.execute(sql.formatted("BLOB"));
      }
    }
  }
}
