package org.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DatasetTest {
  @TempDir Path folder;

  private static Dataset numbers(int count) {
    return Dataset.fromColumns(Map.of("n", IntStream.rangeClosed(1, count).boxed().toList()));
  }

  private static List<Long> values(Dataset dataset) {
    return dataset.toList().stream().map(row -> row.integer("n")).toList();
  }

  @Nested
  class From_java_values {
    @Test
    void every_kind_of_value_comes_back_as_it_was() {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("text", "Grüße 😀 \"quoted\"\n\u0000 end");
      row.put("integer", Long.MAX_VALUE);
      row.put("number", 0.1);
      row.put("whole number", 3.0);
      row.put("flag", true);
      row.put("list", List.of(1L, 2L));
      row.put("messages", List.of(Map.of("role", "user"), Map.of("role", "assistant")));
      row.put("nested", Map.of("a", List.of(List.of("x"))));
      row.put("nothing", null);
      row.put("we\"ird 'name", "x");

      Dataset dataset = Dataset.fromRows(List.of(row));

      assertThat(dataset.head(1).get(0).values()).containsExactlyEntriesOf(row);
    }

    @Test
    void a_key_missing_from_a_row_is_null() {
      Dataset dataset = Dataset.fromRows(List.of(Map.of("a", 1), Map.of("b", "x")));

      assertThat(dataset.columnNames()).containsExactly("a", "b");
      assertThat(dataset.toList().get(1).get("a")).isNull();
    }

    @Test
    void no_rows_are_a_dataset_without_columns() {
      Dataset dataset = Dataset.fromRows(List.of());

      assertThat(dataset.size()).isZero();
      assertThat(dataset.columns()).isEmpty();
      assertThat(dataset.toList()).isEmpty();
      assertThat(dataset.concat(numbers(2)).size()).isEqualTo(2);
      assertThat(dataset.shuffle(1).map(Row::values).size()).isZero();
    }

    @Test
    void a_value_of_another_type_is_named_with_its_place() {
      assertThatThrownBy(
              () -> Dataset.fromRows(List.of(Map.of("a", List.of("x", Path.of("file"))))))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("Row 1, \"a\"[1] is file", "Rows hold String", "convert");
      assertThatThrownBy(() -> Dataset.fromRows(List.of(Map.of("reward", Double.NaN))))
          .hasMessageContainingAll("Row 1, \"reward\" is NaN", "finite Double");
    }

    @Test
    void half_a_character_is_refused() {
      assertThatThrownBy(() -> Dataset.fromRows(List.of(Map.of("text", "bad \ud83d"))))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContaining("Row 1");
    }

    @Test
    void columns_of_unequal_length_are_refused() {
      assertThatThrownBy(() -> Dataset.fromColumns(Map.of("a", List.of(1, 2), "b", List.of(1))))
          .hasMessageContainingAll("a has 2", "b has 1", "use null");
    }

    @Test
    void columns_may_hold_null() {
      Dataset dataset = Dataset.fromColumns(Map.of("a", Arrays.asList("x", null)));

      assertThat(dataset.toList()).extracting(row -> row.get("a")).containsExactly("x", null);
    }

    @Test
    void names_that_differ_only_in_case_are_refused() {
      assertThatThrownBy(() -> Dataset.fromRows(List.of(Map.of("Text", 1), Map.of("text", 1))))
          .hasMessageContainingAll("\"Text\" and \"text\" differ only in case", "rename");
    }
  }

  @Nested
  class Types {
    private List<String> typeOf(@Nullable Object... values) {
      return Dataset.fromColumns(Map.of("c", Arrays.asList(values))).columns().stream()
          .map(Column::type)
          .toList();
    }

    @Test
    void text_stays_text_whatever_it_looks_like() {
      assertThat(typeOf("2024-01-31", "2024-02-01")).containsExactly("VARCHAR");
      assertThat(typeOf("12:30:00", "2024-01-31T10:00:00Z")).containsExactly("VARCHAR");
      assertThat(typeOf("7", "8")).containsExactly("VARCHAR");
      assertThat(typeOf("7b7c2b1e-6a3e-4e21-9c57-0f9be53b7a10")).containsExactly("VARCHAR");
    }

    @Test
    void integers_and_numbers_together_are_numbers() {
      assertThat(typeOf(1, 2)).containsExactly("BIGINT");
      assertThat(typeOf(1, 2.5)).containsExactly("DOUBLE");
    }

    @Test
    void values_of_several_types_are_kept_as_they_are() {
      List<@Nullable Object> mixed =
          Arrays.asList(1L, "two", 3.5, null, true, List.of(1L), Map.of("k", "v"));

      Dataset dataset = Dataset.fromColumns(Map.of("c", mixed));

      assertThat(dataset.columns()).containsExactly(new Column("c", "JSON"));
      assertThat(dataset.toList()).extracting(row -> row.get("c")).isEqualTo(mixed);
    }

    @Test
    void objects_with_different_keys_share_all_keys() {
      Dataset dataset =
          Dataset.fromRows(List.of(Map.of("m", Map.of("a", 1)), Map.of("m", Map.of("b", 2))));

      assertThat(dataset.toList().get(0).struct("m"))
          .containsEntry("a", 1L)
          .containsEntry("b", null);
    }

    @Test
    void objects_with_very_many_keys_are_kept_as_they_are() {
      Map<String, Object> many = new LinkedHashMap<>();
      IntStream.range(0, 500).forEach(i -> many.put("key" + i, i));

      Dataset dataset = Dataset.fromRows(List.of(Map.of("m", many), Map.of("m", Map.of("x", 1))));

      assertThat(dataset.columns()).containsExactly(new Column("m", "JSON"));
      assertThat(dataset.toList().get(1).struct("m")).containsExactly(Map.entry("x", 1L));
    }

    @Test
    void a_type_that_appears_late_is_no_surprise() {
      List<Object> values = new ArrayList<>(Collections.nCopies(100_000, 1));
      values.add("late");

      Dataset dataset = Dataset.fromColumns(Map.of("c", values));

      assertThat(dataset.columns()).containsExactly(new Column("c", "JSON"));
      assertThat(dataset.skip(100_000).toList().get(0).text("c")).isEqualTo("late");
    }
  }

  @Nested
  class Rows {
    private final Row row =
        Dataset.fromRows(List.of(Map.of("prompt", "Hi", "reward", 2))).toList().get(0);

    @Test
    void values_are_read_by_type() {
      assertThat(row.text("prompt")).isEqualTo("Hi");
      assertThat(row.integer("reward")).isEqualTo(2);
      assertThat(row.number("reward")).isEqualTo(2.0);
      assertThat(row.has("margin")).isFalse();
      assertThat(row.with("margin", 1)).containsEntry("margin", 1).containsEntry("reward", 2L);
    }

    @Test
    void a_missing_column_is_named_with_those_that_exist() {
      assertThatThrownBy(() -> row.text("promt"))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("Row 1", "\"promt\"", "prompt", "reward");
    }

    @Test
    void a_wrong_type_is_named_with_the_value() {
      assertThatThrownBy(() -> row.integer("prompt"))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll(
              "Row 1", "\"prompt\"", "an integer", "the text \"Hi\"", "filter");
    }
  }

  @Nested
  class Transformations {
    @Test
    void map_makes_new_rows_and_drops_those_that_are_null() {
      Dataset mapped =
          numbers(4)
              .map(
                  row ->
                      row.integer("n") % 2 == 0
                          ? Map.of("square", row.integer("n") * row.integer("n"))
                          : null);

      assertThat(mapped.toList()).extracting(row -> row.integer("square")).containsExactly(4L, 16L);
    }

    @Test
    void flat_map_makes_several_rows_of_one() {
      Dataset doubled = numbers(2).flatMap(row -> List.of(row.values(), row.values()));

      assertThat(values(doubled)).containsExactly(1L, 1L, 2L, 2L);
    }

    @Test
    void filter_keeps_columns_even_if_no_row_is_left() {
      Dataset none = numbers(3).filter(row -> row.integer("n") > 5);

      assertThat(none.size()).isZero();
      assertThat(none.columns()).containsExactly(new Column("n", "BIGINT"));
      assertThat(none.toList()).isEmpty();
    }

    @Test
    void select_and_rename_change_columns() {
      Dataset dataset = Dataset.fromRows(List.of(Map.of("a", 1, "b", 2)));

      assertThat(dataset.select("b", "a").columnNames()).containsExactly("b", "a");
      assertThat(dataset.select("b").rename("b", "B").columnNames()).containsExactly("B");
      assertThatThrownBy(() -> dataset.select("c"))
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("no column \"c\"", "a", "b");
      assertThatThrownBy(() -> dataset.rename("a", "b")).hasMessageContaining("already");
    }

    @Test
    void sql_is_there_for_those_who_want_it() {
      assertThat(values(numbers(10).where("n > 7"))).containsExactly(8L, 9L, 10L);
      assertThat(
              numbers(10)
                  .sql("SELECT sum(n)::BIGINT AS n FROM dataset")
                  .toList()
                  .get(0)
                  .integer("n"))
          .isEqualTo(55);
      assertThatThrownBy(() -> numbers(1).where("m > 7"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("m > 7", "\"m\"", "[n]");
    }

    @Test
    void rows_keep_their_order_through_everything() {
      List<Long> expected = IntStream.rangeClosed(1, 300_000).mapToObj(i -> (long) i).toList();

      Dataset dataset = numbers(300_000);

      assertThat(values(dataset)).isEqualTo(expected);
      assertThat(values(dataset.filter(row -> true))).isEqualTo(expected);
      assertThat(values(dataset.take(150_000).concat(dataset.skip(150_000)))).isEqualTo(expected);
      assertThat(values(dataset.where("n > 1000"))).isEqualTo(expected.subList(1000, 300_000));
    }

    @Test
    void sort_puts_nulls_last_and_keeps_equal_rows_in_order() {
      Dataset dataset =
          Dataset.fromColumns(Map.of("k", Arrays.asList(2, null, 1, 2), "n", List.of(1, 2, 3, 4)));

      assertThat(values(dataset.sortBy("k"))).containsExactly(3L, 1L, 4L, 2L);
    }

    @Test
    void shuffle_is_the_order_that_is_documented() {
      // The order of the hashes of 7:1, 7:2 … 7:8 as md5sum prints them.
      assertThat(values(numbers(8).shuffle(7))).containsExactly(6L, 3L, 2L, 1L, 5L, 4L, 8L, 7L);
      assertThat(values(numbers(8).shuffle(8)))
          .isNotEqualTo(List.of(6L, 3L, 2L, 1L, 5L, 4L, 8L, 7L));
    }

    @Test
    void split_parts_share_no_row_and_lose_none() {
      Dataset.Split split = numbers(10).split(0.25, 3);

      assertThat(split.test().size()).isEqualTo(3);
      List<Long> all = new ArrayList<>(values(split.train()));
      all.addAll(values(split.test()));
      assertThat(all).containsExactlyInAnyOrderElementsOf(values(numbers(10)));
    }

    @Test
    void a_split_that_leaves_a_side_empty_is_refused() {
      assertThatThrownBy(() -> numbers(3).split(0.01, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("0.01", "3 rows");
    }

    @Test
    void concat_fills_missing_columns_and_keeps_values_of_differing_types() {
      Dataset left = Dataset.fromRows(List.of(Map.of("a", 1, "m", Map.of("x", 1))));
      Dataset right = Dataset.fromRows(List.of(Map.of("a", 2.5, "m", "text", "b", true)));

      Dataset both = left.concat(right);

      assertThat(both.toList())
          .extracting(row -> row.get("a"), row -> row.get("m"), row -> row.get("b"))
          .containsExactly(tuple(1.0, Map.of("x", 1L), null), tuple(2.5, "text", true));
    }

    @Test
    void a_stream_may_be_left_before_its_end() {
      Dataset dataset = numbers(100_000);

      try (Stream<Row> rows = dataset.rows()) {
        assertThat(rows.findFirst()).isPresent();
      }

      assertThat(dataset.size()).isEqualTo(100_000);
    }

    @Test
    void several_threads_may_read_one_dataset() {
      Dataset dataset = numbers(20_000).shuffle(1);
      List<Long> expected = values(dataset);

      assertThat(IntStream.range(0, 4).parallel().mapToObj(i -> values(dataset)).toList())
          .allSatisfy(rows -> assertThat(rows).isEqualTo(expected));
    }
  }

  @Nested
  class Writing {
    private final Map<String, @Nullable Object> row = row();

    private static Map<String, @Nullable Object> row() {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("text", "a, \"b\"\r\nc 😀");
      row.put("empty", "");
      row.put("none", null);
      row.put("n", 7L);
      row.put("list", List.of(1L, 2L));
      row.put("messages", List.of(Map.of("role", "user")));
      return row;
    }

    private final Dataset dataset = Dataset.fromRows(List.of(row, row));

    @Test
    void jsonl_and_parquet_come_back_as_they_were() {
      dataset.toJsonl(folder.resolve("a.jsonl"));
      dataset.toJsonl(folder.resolve("a.jsonl.gz"));
      dataset.toParquet(folder.resolve("a.parquet"));

      for (String name : List.of("a.jsonl", "a.jsonl.gz", "a.parquet")) {
        Dataset again = Dataset.read(folder.resolve(name));
        assertThat(again.toList()).as(name).containsExactlyElementsOf(dataset.toList());
      }
    }

    @Test
    void csv_holds_lists_and_objects_as_json() throws Exception {
      dataset.toCsv(folder.resolve("a.csv"));

      assertThat(Files.readString(folder.resolve("a.csv")))
          .startsWith(
              """
              text,empty,none,n,list,messages
              "a, ""b""\r
              c 😀","",,7,"[1,2]","[{""role"":""user""}]"
              """);
      Row again = Dataset.read(folder.resolve("a.csv")).toList().get(1);
      assertThat(again.text("text")).isEqualTo("a, \"b\"\r\nc 😀");
      assertThat(again.text("empty")).isEmpty();
      assertThat(again.get("none")).isNull();
      assertThat(again.integer("n")).isEqualTo(7);
      assertThat(again.text("list")).isEqualTo("[1,2]");
    }

    @Test
    void a_file_may_replace_the_one_it_was_made_from() throws Exception {
      Path file = folder.resolve("a.jsonl");
      Files.writeString(file, "{\"n\": 1}\n{\"n\": 2}\n");
      Dataset read = Dataset.read(file);

      read.where("n = 2").toJsonl(file);

      assertThat(Files.readString(file)).isEqualTo("{\"n\":2}\n");
      assertThatThrownBy(read::toList)
          .isInstanceOf(DatasetFormatException.class)
          .hasMessageContainingAll("a.jsonl", "changed since it was read", "again");
    }

    @Test
    void a_failure_leaves_the_old_file_and_nothing_else() throws Exception {
      Path file = folder.resolve("a.jsonl");
      Path source = folder.resolve("source.jsonl");
      Files.writeString(file, "old");
      Files.writeString(source, "{\"n\": \"x\"}\n");
      Dataset bad = Dataset.read(source).sql("SELECT n::BIGINT AS n FROM dataset");

      assertThatThrownBy(() -> bad.toJsonl(file)).isInstanceOf(DatasetFormatException.class);

      assertThat(Files.readString(file)).isEqualTo("old");
      assertThat(folder)
          .isDirectoryContaining(p -> p.equals(file))
          .isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void a_folder_that_cannot_be_written_is_named() throws Exception {
      Path file = folder.resolve("file");
      Files.writeString(file, "");

      assertThatThrownBy(() -> dataset.toJsonl(file.resolve("a.jsonl")))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContainingAll("a.jsonl could not be written", "as it was");
    }
  }
}
