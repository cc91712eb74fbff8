package org.attune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DataConfigTest {

  @Test
  void defaults_are_as_documented() {
    assertThat(DataConfig.builder().build())
        .isEqualTo(new DataConfig(List.of(), List.of(), 0, null, "text", Map.of()));
  }

  @Test
  void every_rule_reports_key_value_and_fix() {
    assertThatThrownBy(
            () ->
                DataConfig.builder()
                    .eval(Path.of("eval.jsonl"))
                    .evalShare(1)
                    .formatTemplate("no hole {}")
                    .textField(" ")
                    .columns(Map.of("a", " "))
                    .build())
        .hasMessage(
            """
            5 problems in the configuration:
              data.eval-share must be in [0, 1) but was 1.0. 0.05 holds out every twentieth row.
              data.eval-share must be 0 when data.eval names files but was 1.0. Remove one of the two.
              data.format-template must have at least one {column} in braces but was no hole {}. Write for instance "Question: {question}\\nAnswer: {answer}".
              data.text-field must not be blank but was " ". Name a column, such as text.
              data.columns must have a name on both sides but was {a= }. Write old-name: new-name.""");
  }

  @Test
  void two_columns_cannot_get_the_same_name() {
    assertThatThrownBy(() -> DataConfig.builder().columns(Map.of("a", "c", "b", "c")).build())
        .hasMessageContaining("data.columns must give each column a name of its own");
  }
}
