package org.attune.server.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvExportTest {

  @ParameterizedTest
  @ValueSource(strings = {"=1", "+1", "-1", "@a", "\t=1", "\r=1"})
  void a_text_that_begins_like_a_formula_gets_an_apostrophe(String text) {
    assertThat(CsvExport.cell(text)).startsWith("\"'");
  }

  @Test
  void numbers_stay_numbers_and_quotes_are_doubled() {
    assertThat(CsvExport.cell(-1)).isEqualTo("-1");
    assertThat(CsvExport.cell("a \"b\", c\nd")).isEqualTo("\"a \"\"b\"\", c\nd\"");
    assertThat(CsvExport.cell(Map.of("a", 1))).isEqualTo("\"{\"\"a\"\":1}\"");
    assertThat(CsvExport.cell(null)).isEmpty();
  }
}
