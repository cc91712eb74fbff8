package org.attune.benchmarks.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The trial itself is tried: what a database might lose must be seen. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class InspectionTest {
  private static final long BULKS = 3;

  @TempDir private Path folder;

  private final Ledger ledger = new Ledger(0, BULKS);

  @ParameterizedTest
  @EnumSource
  void a_whole_store_has_no_problems(Candidate candidate) throws SQLException, IOException {
    fill(candidate);

    Inspection.Finding finding = inspect(candidate);

    assertThat(finding.problems()).isEmpty();
    assertThat(finding.lowBulk()).isZero();
    assertThat(finding.highBulk()).isEqualTo(BULKS);
  }

  @ParameterizedTest
  @EnumSource
  void what_was_in_flight_may_be_there(Candidate candidate) throws SQLException, IOException {
    fill(candidate);
    ledger.continueFrom(0, BULKS - 1);

    assertThat(inspect(candidate).problems()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_lost_bulk_is_a_problem(Candidate candidate) throws SQLException, IOException {
    fill(candidate);
    ledger.acknowledge("INSERTED " + BULKS);

    assertThat(inspect(candidate).problems()).containsExactly("bulks end at 3, expected 4");
  }

  @ParameterizedTest
  @EnumSource
  void half_a_bulk_is_a_problem(Candidate candidate) throws SQLException, IOException {
    fill(candidate);
    execute(candidate, "DELETE FROM records WHERE record_key BETWEEN 600 AND 700");

    assertThat(inspect(candidate).problems())
        .contains("records: 1399, expected 1500", "bulks in part: 1, expected 0");
  }

  @ParameterizedTest
  @EnumSource
  void changed_contents_are_a_problem(Candidate candidate) throws SQLException, IOException {
    fill(candidate);
    execute(candidate, "UPDATE records SET fields = '{}' WHERE record_key = 7");

    assertThat(inspect(candidate).problems()).containsExactly("record 7 is not what was written");
  }

  @ParameterizedTest
  @EnumSource
  void a_lost_answer_is_a_problem(Candidate candidate) throws SQLException, IOException {
    fill(candidate);
    ledger.acknowledge("SUBMITTED 5 0 2");

    assertThat(inspect(candidate).problems())
        .containsExactly("the answer of user 0 to record 5 has revision 1, acknowledged was 2");
  }

  @ParameterizedTest
  @EnumSource
  void a_lost_revision_is_a_problem(Candidate candidate) throws SQLException, IOException {
    fill(candidate);
    ledger.acknowledge("SUBMITTED 5 0 1");
    execute(candidate, "DELETE FROM response_revisions WHERE record_key = 5");

    assertThat(inspect(candidate).problems())
        .singleElement()
        .asString()
        .contains("revisions of", "0, expected 1");
  }

  private void fill(Candidate candidate) throws SQLException {
    Schema.create(candidate, folder);
    Ingest.run(candidate, folder, 0, BULKS);
  }

  private void execute(Candidate candidate, String sql) throws SQLException {
    try (Connection connection = candidate.connect(folder);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Inspection.Finding inspect(Candidate candidate) throws SQLException, IOException {
    Path file = folder.resolve("acknowledged.txt");
    ledger.write(file);
    return new Inspection(candidate, folder).run(file);
  }
}
