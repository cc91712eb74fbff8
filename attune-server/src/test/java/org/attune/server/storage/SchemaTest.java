package org.attune.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class SchemaTest {

  private Schema later;
  private JdbcTemplate database;

  @BeforeEach
  void open(@TempDir Path folder) {
    var source = new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("a.db"));
    later = Schema.of(source, Schema.Dialect.SQLITE).and("classpath:db/marked");
    database = new JdbcTemplate(source);
  }

  @Test
  void an_empty_database_has_no_version() {
    assertThat(later.version()).isEmpty();
  }

  @Test
  void rows_that_an_older_version_left_are_brought_up_to_date() {
    later.migrate("1");
    database.update("INSERT INTO workspaces VALUES ('w', 'team', 1, 1)");
    assertThat(later.version()).hasValue("1");

    later.migrate();

    assertThat(later.version()).hasValue("2");
    assertThat(database.queryForObject("SELECT mark FROM workspaces", String.class))
        .isEqualTo("none");
  }

  @Test
  void newer_than_the_newest_is_what_no_migration_makes() {
    assertThat(later.newest()).isEqualTo("2");
    assertThat(later.isNewer("2")).isFalse();
    assertThat(later.isNewer("10")).isTrue();
  }
}
