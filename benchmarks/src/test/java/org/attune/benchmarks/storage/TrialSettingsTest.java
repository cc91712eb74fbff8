package org.attune.benchmarks.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TrialSettingsTest {

  @Test
  void the_whole_trial_kills_fifty_times_at_a_million_records() {
    TrialSettings settings = TrialSettings.parse();

    assertThat(settings.kills()).isEqualTo(50);
    assertThat(settings.bulks() * FeedbackRecord.BULK).isEqualTo(1_000_000);
    assertThat(settings.candidates()).containsExactly(Candidate.SQLITE, Candidate.H2);
  }

  @Test
  void options_change_it() {
    TrialSettings settings =
        TrialSettings.parse("--kills", "3", "--candidate", "h2-synced", "--quick");

    assertThat(settings.kills()).isEqualTo(3);
    assertThat(settings.candidates()).containsExactly(Candidate.H2_SYNCED);
  }

  @Test
  void a_wrong_option_is_named() {
    assertThatThrownBy(() -> TrialSettings.parse("--fast")).hasMessageContaining("--fast");
    assertThatThrownBy(() -> TrialSettings.parse("--kills")).hasMessageContaining("--kills");
    assertThatThrownBy(() -> TrialSettings.parse("--candidate", "derby"))
        .hasMessageContainingAll("derby", "h2, h2-synced, sqlite, sqlite-unshared");
  }
}
