package org.attune.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class SavedFormTest {
  @ParameterizedTest
  @CsvSource({"5GB,5000000000", "200 mb,200000000", "4KiB,4096", "77,77", "1GiB,1073741824"})
  void a_size_is_a_number_and_a_unit(String size, long bytes) {
    assertThat(SavedForm.FLOAT32.inShardsOf(size).maxShardBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GB", "5 apples", "-1GB", "1.5GB", "99999999999GB"})
  void another_size_is_refused_with_its_text(String size) {
    assertThatThrownBy(() -> SavedForm.FLOAT32.inShardsOf(size))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + size + "\"")
        .hasMessageContaining("5GB");
  }

  @Test
  void weights_are_no_integers() {
    assertThatThrownBy(() -> new SavedForm(StoredType.I8, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("I8")
        .hasMessageContaining("F32, F16 or BF16");
  }
}
