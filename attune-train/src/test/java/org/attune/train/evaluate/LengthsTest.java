package org.attune.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.attune.model.generate.Generation;
import org.attune.model.generate.Generation.FinishReason;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LengthsTest {
  @Test
  void tells_the_share_that_ended_and_the_mean_length() {
    List<Generation> generations =
        List.of(
            new Generation(new int[] {5, 2}, FinishReason.STOP),
            new Generation(new int[] {5, 5, 5, 5}, FinishReason.LENGTH));

    assertThat(Lengths.of(generations)).isEqualTo(new Lengths(0.5, 3));
  }

  @Test
  void no_texts_are_an_error() {
    assertThatThrownBy(() -> Lengths.of(List.of())).hasMessageContaining("at least one");
  }
}
