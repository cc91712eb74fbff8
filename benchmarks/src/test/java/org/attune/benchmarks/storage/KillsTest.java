package org.attune.benchmarks.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class KillsTest {
  private static final long BULKS = 20;

  @Test
  void a_killed_process_loses_nothing_it_acknowledged(@TempDir Path folder) throws Exception {
    Schema.create(Candidate.SQLITE, folder);
    Ingest.run(Candidate.SQLITE, folder, 0, BULKS);

    List<Kills.Round> rounds = new Kills(Candidate.SQLITE, folder, 0, BULKS).run(2);

    assertThat(rounds).allSatisfy(round -> assertThat(round.finding().problems()).isEmpty());
    assertThat(rounds).anySatisfy(round -> assertThat(round.acknowledgements()).isPositive());
  }
}
