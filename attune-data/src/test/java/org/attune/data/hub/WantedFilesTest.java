package org.attune.data.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class WantedFilesTest {
  @Nested
  final class Of_a_model {
    @Test
    void are_safetensors_where_there_are_pickles_too() {
      assertThat(
              model(
                  "config.json",
                  "model.safetensors",
                  "pytorch_model.bin",
                  "modeling.py",
                  "README.md",
                  "onnx/model.onnx",
                  "tokenizer.json"))
          .containsExactly("config.json", "tokenizer.json", "model.safetensors");
    }

    @Test
    void are_pickles_where_there_is_nothing_better() {
      assertThat(
              model(
                  "config.json",
                  "pytorch_model-00001-of-00002.bin",
                  "pytorch_model-00002-of-00002.bin",
                  "pytorch_model.bin.index.json",
                  "optimizer.bin"))
          .containsExactly(
              "config.json",
              "pytorch_model-00001-of-00002.bin",
              "pytorch_model-00002-of-00002.bin",
              "pytorch_model.bin.index.json");
    }

    @Test
    void are_not_the_shards_of_what_is_there_as_one_file() {
      assertThat(
              model(
                  "model.safetensors",
                  "model-00001-of-00001.safetensors",
                  "model.safetensors.index.json"))
          .containsExactly("model.safetensors");
    }

    @Test
    void are_never_chosen_among_gguf_files() {
      assertThatThrownBy(() -> model("a-Q4_0.gguf", "a-Q8_0.gguf"))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("Name one of them, such as hf:org/name/a-Q4_0.gguf")
          .hasMessageContaining("a-Q8_0.gguf");
    }

    @Test
    void are_missed_with_what_is_there() {
      assertThatThrownBy(() -> model("README.md"))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("hf:org/name has no weights")
          .hasMessageContaining("README.md");
    }

    private List<String> model(String... paths) {
      return paths(WantedFiles.ofModel(files(paths), HubReference.model("org/name")));
    }
  }

  @Nested
  final class Of_a_dataset {
    @Test
    void are_those_for_training_in_the_best_format() {
      assertThat(
              training(
                  "data/train-00000-of-00002.parquet",
                  "data/train-00001-of-00002.parquet",
                  "data/test-00000-of-00001.parquet",
                  "train.csv",
                  "loader.py"))
          .containsExactly(
              "data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet");
    }

    @Test
    void are_all_where_no_name_tells() {
      assertThat(training("a.jsonl", "b.jsonl", "validation.jsonl", "dataset_infos.json"))
          .containsExactly("a.jsonl", "b.jsonl");
    }

    @Test
    void are_those_for_evaluation_where_they_are_asked_for() {
      assertThat(
              paths(WantedFiles.ofDataset(files("train.csv", "Validation.csv"), dataset(), true)))
          .containsExactly("Validation.csv");
    }

    @Test
    void for_evaluation_are_not_guessed() {
      assertThatThrownBy(() -> WantedFiles.ofDataset(files("rows.csv"), dataset(), true))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("for evaluation")
          .hasMessageContaining("hf:datasets/org/rows/rows.csv");
    }

    @Test
    void are_never_made_by_a_script() {
      assertThatThrownBy(() -> training("loader.py"))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("has no rows")
          .hasMessageContaining("loader.py");
    }

    private List<String> training(String... paths) {
      return paths(WantedFiles.ofDataset(files(paths), dataset(), false));
    }

    private HubReference dataset() {
      return HubReference.dataset("org/rows");
    }
  }

  private static List<HubFile> files(String... paths) {
    return Stream.of(paths).map(path -> new HubFile(path, 1)).toList();
  }

  private static List<String> paths(List<HubFile> files) {
    return files.stream().map(HubFile::path).toList();
  }
}
