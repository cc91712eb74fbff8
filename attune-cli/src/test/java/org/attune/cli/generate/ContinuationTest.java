package org.attune.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.testkit.Bundled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuationTest {
  /** The characters take up to four tokens each, in byte fallback and in bytes of a merge. */
  @ParameterizedTest
  @ValueSource(strings = {" the end", " naïve 漢字 🙂👩‍👩‍👧 done", "🙂", "\n\n- a\tb"})
  void pieces_are_whole_characters_and_make_up_the_text(String text) {
    for (Path model : List.of(Bundled.stories260k(), Bundled.gpt2Tokenizer())) {
      try (Tokenizer tokenizer = Tokenizer.load(model)) {
        int[] prompt = tokenizer.encode("Once");
        int[] all = tokenizer.encode("Once" + text);
        List<String> pieces = new ArrayList<>();
        Continuation continuation = new Continuation(tokenizer, prompt, pieces::add);

        Arrays.stream(all, prompt.length, all.length).forEach(continuation::add);
        continuation.end();

        assertThat(String.join("", pieces)).isEqualTo(text).isEqualTo(continuation.text());
        assertThat(pieces).allSatisfy(piece -> assertThat(piece).doesNotContain("\uFFFD"));
      }
    }
  }
}
