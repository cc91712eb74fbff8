package org.attune.server.storage;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;

/** The tables of a database, by versions; each migration makes the next one of the last. */
public final class Schema {

  /** Where Flyway notes which migrations a database has seen. */
  public static final String HISTORY = "flyway_schema_history";

  static final String MIGRATIONS = "classpath:db/migration";

  private final DataSource source;
  private final Dialect dialect;
  private final String[] locations;

  private Schema(DataSource source, Dialect dialect, String... locations) {
    this.source = source;
    this.dialect = dialect;
    this.locations = locations;
  }

  /** The two kinds of database, and what the migrations write differently for them. */
  public enum Dialect {
    SQLITE("INTEGER PRIMARY KEY AUTOINCREMENT", "BLOB"),
    POSTGRESQL("BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "BYTEA");

    private final String identity;
    private final String bytes;

    Dialect(String identity, String bytes) {
      this.identity = identity;
      this.bytes = bytes;
    }
  }

  public static Schema of(DataSource source, Dialect dialect) {
    return of(source, dialect, MIGRATIONS);
  }

  /** Tables by the migrations of these places. */
  static Schema of(DataSource source, Dialect dialect, String... locations) {
    return new Schema(source, dialect, locations);
  }

  /** The same with migrations that are not released yet. */
  Schema and(String location) {
    return new Schema(source, dialect, MIGRATIONS, location);
  }

  /** Brings the database up to the newest version. */
  public void migrate() {
    migrate(MigrationVersion.LATEST);
  }

  /** Brings the database up to a version, which an earlier Attune may have left it at. */
  public void migrate(String version) {
    migrate(MigrationVersion.fromVersion(version));
  }

  private void migrate(MigrationVersion target) {
    try {
      flyway(target).migrate();
    } catch (FlywayException e) {
      throw new StorageException(
          "The schema of the database cannot be brought up to date: " + e.getMessage(), e);
    }
  }

  /** The version that the database has; none if it is empty. */
  public Optional<String> version() {
    try {
      return Optional.ofNullable(flyway(MigrationVersion.LATEST).info().current())
          .map(MigrationInfo::getVersion)
          .map(MigrationVersion::toString);
    } catch (FlywayException e) {
      throw new StorageException(
          "The database cannot be asked for its version: " + e.getMessage(), e);
    }
  }

  /** The newest version that there is. */
  public String newest() {
    return Arrays.stream(flyway(MigrationVersion.LATEST).info().all())
        .filter(migration -> migration.getState().isResolved())
        .map(MigrationInfo::getVersion)
        .max(Comparator.naturalOrder())
        .orElseThrow()
        .toString();
  }

  /** Whether a database of that version was left by a newer Attune than this one. */
  public boolean isNewer(String version) {
    return MigrationVersion.fromVersion(version).isNewerThan(newest());
  }

  private Flyway flyway(MigrationVersion target) {
    return Flyway.configure()
        .dataSource(source)
        .locations(locations)
        .placeholders(Map.of("identity", dialect.identity, "bytes", dialect.bytes))
        .target(target)
        .load();
  }
}
