package org.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DatasetFilesTest {
  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Path gzip(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content);
    }
    return file;
  }

  private static void assertFailsAt(ThrowingCallable read, long line, long column) {
    assertThatThrownBy(read)
        .asInstanceOf(InstanceOfAssertFactories.type(DatasetFormatException.class))
        .satisfies(e -> assertThat(e.line()).hasValue(line))
        .satisfies(e -> assertThat(e.column()).hasValue(column));
  }

  @Nested
  class Json_lines {
    @Test
    void marks_crlf_blank_lines_and_a_missing_last_line_end_do_not_matter() throws Exception {
      Path file = file("a.jsonl", "\uFEFF{\"n\": 1}\r\n\r\n{\"n\": 2}\r\n  \n{\"n\": 3}");

      assertThat(Dataset.read(file).toList())
          .extracting(row -> row.integer("n"))
          .containsExactly(1L, 2L, 3L);
      assertThat(Dataset.read(file("b.jsonl", "\r\n{\"n\": 1}\r\n\n")).size()).isEqualTo(1);
    }

    @Test
    void dates_times_and_digits_stay_text() throws Exception {
      Path file =
          file(
              "a.jsonl",
              "{\"d\": \"2024-01-31\", \"t\": \"2024-01-31 10:00:00\", \"z\": \"007\"}\n");

      assertThat(Dataset.read(file).columns()).extracting(Column::type).containsOnly("VARCHAR");
    }

    @Test
    void a_type_that_changes_behind_line_100000_is_no_error() throws Exception {
      Path file = file("a.jsonl", "{\"v\": 1}\n".repeat(100_000) + "{\"v\": \"x\", \"w\": [1]}\n");

      Dataset dataset = Dataset.read(file);

      assertThat(dataset.size()).isEqualTo(100_001);
      Row last = dataset.skip(100_000).toList().get(0);
      assertThat(last.text("v")).isEqualTo("x");
      assertThat(last.list("w")).containsExactly(1L);
    }

    @Test
    void a_line_of_twenty_megabytes_is_read() throws Exception {
      String text = "é".repeat(10 << 20);
      Path file = file("a.jsonl", "{\"t\": \"" + text + "\"}\n{\"t\": \"short\"}\n");

      assertThat(Dataset.read(file).toList())
          .extracting(row -> row.text("t").length())
          .containsExactly(10 << 20, 5);
    }

    @Test
    void a_bad_line_is_named_with_its_column() throws Exception {
      Path file = file("pairs.jsonl", "{\"a\": \"😀😀\"}\n{\"a\": \"😀😀\", \"b\": oops}\n");

      assertThatThrownBy(() -> Dataset.read(file))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll(
              "pairs.jsonl line 2, column 18", "'oops'", "one JSON object", "correct the line");
    }

    @Test
    void a_line_that_ends_too_early_is_named() throws Exception {
      Path file = file("a.jsonl", "{\"a\": 1}\n{\"a\": \"half");

      assertThatThrownBy(() -> Dataset.read(file))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("a.jsonl line 2", "{\"a\": \"half");
    }

    @Test
    void what_no_dataset_can_hold_is_refused_at_its_place() throws Exception {
      assertFailsAt(() -> Dataset.read(file("a.jsonl", "{\"a\": 1}\n[1, 2]\n")), 2, 1);
      assertFailsAt(() -> Dataset.read(file("a.jsonl", "{\"a\": 1} {\"a\": 2}\n")), 1, 10);
      assertFailsAt(() -> Dataset.read(file("a.jsonl", "{\"a\": 1e999}\n")), 1, 7);
      assertFailsAt(() -> Dataset.read(file("a.jsonl", "{\"a\": \"\\ud83d\"}\n")), 1, 7);
      assertThatThrownBy(() -> Dataset.read(file("a.jsonl", "{\"a\": 1, \"a\": 2}\n")))
          .hasMessageContainingAll("line 1", "Duplicate", "'a'");
      assertThatThrownBy(() -> Dataset.read(file("a.jsonl", "{\"a\": NaN}\n")))
          .hasMessageContainingAll("line 1", "NaN");
      assertThatThrownBy(() -> Dataset.read(file("a.jsonl", "{\"A\": 1}\n{\"a\": 2}\n")))
          .hasMessageContainingAll("line 2", "differ only in case");
    }

    @Test
    void bytes_that_are_not_utf_8_are_named() throws Exception {
      Path file = folder.resolve("latin.jsonl");
      Files.write(file, "{\"a\": \"Grüße\"}\n".getBytes(StandardCharsets.ISO_8859_1));

      assertThatThrownBy(() -> Dataset.read(file))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("latin.jsonl line 1", "UTF-8");
    }

    @Test
    void a_file_of_blank_lines_has_no_rows() throws Exception {
      assertThatThrownBy(() -> Dataset.read(file("a.jsonl", "\n\n")))
          .hasMessageContainingAll("a.jsonl", "no rows");
    }

    @Test
    void odd_file_names_are_names_and_not_patterns() throws Exception {
      file("a.jsonl", "{\"n\": 1}\n");
      Path odd = file("[a]*? 'ü'.jsonl", "{\"n\": 2}\n");

      assertThat(Dataset.read(odd).toList())
          .extracting(row -> row.integer("n"))
          .containsExactly(2L);
    }
  }

  @Nested
  class Json {
    @Test
    void an_array_of_objects_is_read() throws Exception {
      Path file =
          file("a.json", "\uFEFF[\n {\"a\": 1, \"m\": [{\"role\": \"user\"}]},\n {\"a\": 2}\n]");

      List<Row> rows = Dataset.read(file).toList();

      assertThat(rows).hasSize(2);
      assertThat(rows.get(0).list("m")).containsExactly(Map.of("role", "user"));
    }

    @Test
    void objects_one_after_the_other_are_read() throws Exception {
      assertThat(Dataset.read(file("a.json", "{\"a\":\n 1}\n{\"a\": 2}")).size()).isEqualTo(2);
    }

    @Test
    void rows_under_keys_of_their_own_are_refused_with_the_way_out() throws Exception {
      String rows =
          IntStream.range(0, 1000)
              .mapToObj(i -> "\"id" + i + "\": {\"a\": 1}")
              .collect(Collectors.joining(", ", "{", "}"));

      assertThatThrownBy(() -> Dataset.read(file("a.json", rows)))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("a.json line 1", "500 columns", "array of rows");
    }

    @Test
    void errors_name_line_and_column() throws Exception {
      assertFailsAt(() -> Dataset.read(file("a.json", "[\n  {\"a\": 1},\n  7\n]")), 3, 3);
      assertThatThrownBy(() -> Dataset.read(file("a.json", "[{\"a\": 1},\n{\"a\"")))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("a.json line 2", "array of objects");
    }
  }

  @Nested
  class Comma_separated_values {
    @Test
    void quotes_commas_line_ends_and_marks_are_understood() throws Exception {
      Path file =
          file(
              "a.csv",
              "\uFEFFtext,n\r\n\"a, \"\"b\"\"\nsecond line\",1\r\n\"\",\r\n\r\nplain 😀,3\r\n");

      List<Row> rows = Dataset.read(file).toList();

      assertThat(rows)
          .extracting(row -> row.text("text"))
          .containsExactly("a, \"b\"\nsecond line", "", "plain 😀");
      assertThat(rows).extracting(row -> row.get("n")).containsExactly(1L, null, 3L);
    }

    @Test
    void types_follow_from_all_cells() throws Exception {
      Path file =
          file(
              "a.csv",
              "int,num,flag,zip,date,mixed\n1,1,true,007,2024-01-31,1\n-2,2.5,false,123,2024-02-01,x\n");

      assertThat(Dataset.read(file).columns())
          .extracting(Column::type)
          .containsExactly("BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR", "VARCHAR", "VARCHAR");
    }

    @Test
    void tabs_separate_in_tsv() throws Exception {
      assertThat(Dataset.read(file("a.tsv", "a\tb\nx, y\t2\n")).toList().get(0).text("a"))
          .isEqualTo("x, y");
    }

    @Test
    void a_wrong_number_of_columns_is_named_with_the_line() throws Exception {
      Path file = file("a.csv", "a,b\n\"x\ny\",1\n1,2,3\n");

      assertThatThrownBy(() -> Dataset.read(file))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("a.csv line 4", "3 columns", "header has 2", "double quotes");
    }

    @Test
    void broken_quotes_are_named_with_their_place() throws Exception {
      assertFailsAt(() -> Dataset.read(file("a.csv", "a,b\n1,\"open\n2,3\n")), 2, 3);
      assertFailsAt(() -> Dataset.read(file("a.csv", "a,b\n\"x\"y,3\n")), 2, 4);
    }

    @Test
    void a_header_needs_names_of_its_own() throws Exception {
      assertThatThrownBy(() -> Dataset.read(file("a.csv", "a,A\n1,2\n")))
          .hasMessageContainingAll("a.csv line 1", "two columns \"A\"");
      assertThatThrownBy(() -> Dataset.read(file("a.csv", "a,\n1,2\n")))
          .hasMessageContainingAll("a.csv line 1", "column 2 has no name");
    }
  }

  @Nested
  class Text_and_parquet {
    @Test
    void each_line_of_a_text_file_is_a_row() throws Exception {
      assertThat(Dataset.read(file("a.txt", "one\r\n\ntwo \"x\"")).toList())
          .extracting(row -> row.text("text"))
          .containsExactly("one", "", "two \"x\"");
    }

    @Test
    void a_truncated_parquet_file_is_told() throws Exception {
      Path whole = folder.resolve("whole.parquet");
      Dataset.fromRows(List.of(Map.of("a", 1))).toParquet(whole);
      byte[] bytes = Files.readAllBytes(whole);
      Path torn = folder.resolve("torn.parquet");
      Files.write(torn, Arrays.copyOf(bytes, bytes.length - 9));

      assertThatThrownBy(() -> Dataset.read(torn))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("torn.parquet", "ends too early", "fetch it again");
      assertThatThrownBy(() -> Dataset.read(file("text.parquet", "this is a text file")))
          .hasMessageContainingAll("text.parquet", "not a Parquet file");
    }

    @Test
    void parquet_values_keep_their_order_and_nesting() throws Exception {
      Path file = folder.resolve("a.parquet.gz");
      Path plain = folder.resolve("a.parquet");
      Dataset dataset =
          Dataset.fromRows(
              List.of(Map.of("m", List.of(Map.of("role", "user", "ids", List.of(1, 2))))));
      dataset.toParquet(plain);
      gzip(file.getFileName().toString(), Files.readAllBytes(plain));

      assertThat(Dataset.read(plain).toList()).isEqualTo(dataset.toList());
      assertThat(Dataset.read(file).toList()).isEqualTo(dataset.toList());
    }

    @Test
    void dates_of_parquet_files_are_text_in_iso_form() throws Exception {
      Path file = folder.resolve("a.parquet");
      Dataset.fromRows(List.of(Map.of("a", 1)))
          .sql("SELECT DATE '2024-01-31' AS d, 'NaN'::DOUBLE AS nan FROM dataset")
          .toParquet(file);

      Dataset dataset = Dataset.read(file).filter(row -> true);

      Row row = dataset.toList().get(0);

      assertThat(row.text("d")).isEqualTo("2024-01-31");
      assertThat(row.number("nan")).isNaN();
      assertThatThrownBy(() -> dataset.toJsonl(folder.resolve("a.jsonl")))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("Row 1", "NaN", "Parquet");
    }
  }

  @Nested
  class Files_of_any_kind {
    @Test
    void compressed_files_are_read() throws Exception {
      byte[] jsonl = "{\"a\": 1}\n".getBytes(StandardCharsets.UTF_8);
      byte[] json = "[{\"a\": 1}]".getBytes(StandardCharsets.UTF_8);
      byte[] csv = "a\n1\n".getBytes(StandardCharsets.UTF_8);

      for (Path file :
          List.of(gzip("a.jsonl.gz", jsonl), gzip("a.json.gz", json), gzip("a.csv.gz", csv))) {
        assertThat(Dataset.read(file).toList().get(0).integer("a"))
            .as(file.toString())
            .isEqualTo(1);
      }
    }

    @Test
    void a_truncated_archive_is_told() throws Exception {
      Path whole =
          gzip("whole.jsonl.gz", "{\"a\": 1}\n".repeat(1000).getBytes(StandardCharsets.UTF_8));
      byte[] bytes = Files.readAllBytes(whole);
      Path torn = folder.resolve("torn.jsonl.gz");
      Files.write(torn, Arrays.copyOf(bytes, bytes.length - 10));

      assertThatThrownBy(() -> Dataset.read(torn))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("torn.jsonl.gz", "damaged or ends too early", "fetch it again");
      assertThatThrownBy(() -> Dataset.read(file("plain.jsonl.gz", "{\"a\": 1}\n")))
          .hasMessageContainingAll("plain.jsonl.gz", "damaged");
    }

    @Test
    void a_missing_an_empty_and_an_unknown_file_are_told() throws Exception {
      assertThatThrownBy(() -> Dataset.read(folder.resolve("none.csv")))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("none.csv", "no such file");
      for (String name : List.of("a.csv", "a.json", "a.jsonl", "a.parquet", "a.txt")) {
        assertThatThrownBy(() -> Dataset.read(file(name, "")))
            .isInstanceOf(DatasetFormatException.class)
            .hasMessageContainingAll(name, "empty");
      }
      assertThatThrownBy(() -> Dataset.read(file("a.xlsx", "x")))
          .hasMessageContainingAll("a.xlsx", ".jsonl", "rename");
      assertThatThrownBy(() -> Dataset.read(folder)).hasMessageContaining("not a file");
    }

    @Test
    void several_files_follow_each_other() throws Exception {
      Path csv = file("a.csv", "n\n1\n");
      Path jsonl = file("b.jsonl", "{\"n\": 2, \"m\": \"x\"}\n");

      Dataset both = Dataset.read(csv, jsonl);

      assertThat(both.toList()).extracting(row -> row.integer("n")).containsExactly(1L, 2L);
      assertThat(both.columnNames()).containsExactly("n", "m");
    }
  }
}
