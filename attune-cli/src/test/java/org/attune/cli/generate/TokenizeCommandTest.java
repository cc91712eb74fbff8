package org.attune.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;

import org.attune.cli.Attune;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.Test;

class TokenizeCommandTest {
  @Test
  void offsets_count_unicode_code_points() {
    Attune run =
        Attune.run("tokenize", "--model", Bundled.stories260k(), "--text", "Once é", "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.output())
        .isEqualToIgnoringNewLines(
            "{\"token_ids\":[1,403,410,485],\"tokens\":[\"<s>\",\"▁Once\",\"▁\",\"é\"],"
                + "\"offsets\":[[0,0],[0,4],[4,5],[5,6]]}");
  }

  @Test
  void a_special_token_written_in_the_text_is_not_added_twice() {
    Attune run =
        Attune.run("tokenize", "--model", Bundled.stories260k(), "--text", "<s>Once", "--json");

    assertThat(run.output()).startsWith("{\"token_ids\":[1,403]");
  }
}
