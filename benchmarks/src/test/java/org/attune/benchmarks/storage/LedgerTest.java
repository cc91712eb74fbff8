package org.attune.benchmarks.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LedgerTest {
  private final Ledger ledger = new Ledger(0, 10);

  @Test
  void bulks_move_with_what_was_inserted_and_deleted() {
    ledger.acknowledge("INSERTED 10");
    ledger.acknowledge("DELETED 0");

    assertThat(ledger.lowBulk()).isEqualTo(1);
    assertThat(ledger.highBulk()).isEqualTo(11);
  }

  @Test
  void the_newest_revision_of_an_answer_counts() {
    ledger.acknowledge("SUBMITTED 1200 3 1");
    ledger.acknowledge("SUBMITTED 1200 3 2");

    assertThat(ledger.revisions()).containsEntry(new Ledger.Submission(1200, 3), 2L).hasSize(1);
  }

  @Test
  void answers_to_deleted_records_are_not_expected_any_more() {
    ledger.acknowledge("SUBMITTED 999 3 1");
    ledger.acknowledge("SUBMITTED 1000 3 1");

    ledger.continueFrom(2, 10);

    assertThat(ledger.revisions()).containsOnlyKeys(new Ledger.Submission(1000, 3));
  }

  @Test
  void a_file_brings_it_to_another_process(@TempDir Path folder) throws IOException {
    ledger.acknowledge("SUBMITTED 1200 3 4");
    ledger.acknowledge("DELETED 1");
    Path file = folder.resolve("ledger");

    ledger.write(file);

    Ledger other = Ledger.read(file);
    assertThat(other.lowBulk()).isEqualTo(2);
    assertThat(other.highBulk()).isEqualTo(10);
    assertThat(other.revisions()).isEqualTo(ledger.revisions());
  }

  @Test
  void an_unknown_line_is_an_error() {
    assertThatThrownBy(() -> ledger.acknowledge("LOST 7")).hasMessageContaining("LOST 7");
  }
}
