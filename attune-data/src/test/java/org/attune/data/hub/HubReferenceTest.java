package org.attune.data.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class HubReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "org/name, MODEL, org/name, main, ",
    "org/name@v1.0, MODEL, org/name, v1.0, ",
    "hf:gpt2, MODEL, gpt2, main, ",
    "hf:org/name/sub/model.gguf, MODEL, org/name, main, sub/model.gguf",
    "hf:org/name@refs%2Fpr%2F1/model.gguf, MODEL, org/name, refs/pr/1, model.gguf",
    "hf://datasets/org/name/train.jsonl, DATASET, org/name, main, train.jsonl",
    "hf:/datasets/org/name@v2, DATASET, org/name, v2, ",
    "hf:datasets/org/name, DATASET, org/name, main, "
  })
  void is_read_from_text(
      String text, RepositoryType type, String id, String revision, String file) {
    HubReference reference = HubReference.parse(text, RepositoryType.MODEL);

    assertThat(reference.type()).isEqualTo(type);
    assertThat(reference.id()).isEqualTo(id);
    assertThat(reference.revision()).isEqualTo(revision);
    assertThat(reference.file().orElse(null)).isEqualTo(file);
    assertThat(HubReference.parse(reference.toString(), RepositoryType.MODEL)).isEqualTo(reference);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:",
        "hf:../name",
        "hf:org/na me",
        "hf:org/name/../../x",
        "hf:-x/y",
        "hf:a--b/c",
        "hf:org/name@../x",
        "hf:org/name/a//b"
      })
  void is_refused_where_it_could_mean_something_else(String text) {
    assertThatThrownBy(() -> HubReference.parse(text, RepositoryType.MODEL))
        .isInstanceOf(HubException.class)
        .extracting("reason")
        .isEqualTo(HubException.Reason.REFUSED);
  }

  @Test
  void says_what_a_repository_looks_like_when_it_is_none() {
    assertThatThrownBy(() -> HubReference.parse("hf:org/na me", RepositoryType.MODEL))
        .hasMessageContaining("\"hf:org/na me\"")
        .hasMessageContaining("hf:org/name@revision");
  }
}
