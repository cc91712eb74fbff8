package org.attune.server.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attune.server.problem.RequestException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What {@link Database#read} and {@link Database#write} give to work with: one connection. */
public final class Transaction {

  private final JdbcTemplate template;
  private final Moments moments;
  private final long now;
  private final ChangeListener listener;
  private final List<Runnable> afterwards = new ArrayList<>();
  private Origin origin = Origin.SERVER;

  Transaction(SingleConnectionDataSource connection, Moments moments, ChangeListener listener) {
    this.template = new JdbcTemplate(connection);
    this.moments = moments;
    this.now = moments.next();
    this.listener = listener;
  }

  /** Runs a statement that changes rows, and returns how many. */
  public int update(String statement, @Nullable Object... parameters) {
    return template.update(statement, storable(parameters));
  }

  /** Runs a statement once for each row of parameters, in few round trips. */
  public void batch(String statement, List<@Nullable Object[]> rows) {
    if (!rows.isEmpty()) {
      rows.forEach(Transaction::storable);
      template.batchUpdate(statement, rows);
    }
  }

  public <T> List<T> list(String query, RowMapper<T> mapper, @Nullable Object... parameters) {
    return template.query(query, mapper, storable(parameters));
  }

  /** Visits rows one by one, without holding them all. */
  public void each(String query, RowCallbackHandler visitor, @Nullable Object... parameters) {
    template.query(query, visitor, storable(parameters));
  }

  /** The only row, if there is one. */
  public <T> Optional<T> find(String query, RowMapper<T> mapper, @Nullable Object... parameters) {
    return template.query(query, mapper, storable(parameters)).stream().findFirst();
  }

  /** The number that a query such as {@code SELECT COUNT(*)} yields; 0 for none. */
  public long number(String query, @Nullable Object... parameters) {
    Long value = template.queryForObject(query, Long.class, storable(parameters));
    return value == null ? 0 : value;
  }

  /**
   * The parameters, if both databases take them: PostgreSQL fails with the null character, so
   * whoever sends one is told, whichever database there is.
   */
  private static @Nullable Object[] storable(@Nullable Object[] parameters) {
    for (Object parameter : parameters) {
      if (parameter instanceof String text && text.indexOf('\0') >= 0) {
        throw RequestException.unprocessable(
            "A text has the null character (U+0000), which cannot be stored. Remove it.");
      }
    }
    return parameters;
  }

  /** When the transaction began; later than all that is stored, even if the clock is set back. */
  public long now() {
    return now;
  }

  /**
   * What the clock shows, for what ends at an hour of the day: there it must not matter that the
   * moments go on from a day to which the clock had jumped.
   */
  public long clock() {
    return moments.clock();
  }

  /** The first of {@code count} moments that nobody else gets. */
  public long moments(int count) {
    return moments.reserve(count);
  }

  /** Who asked for the change; another thread may make it. */
  public Origin origin() {
    return origin;
  }

  void askedBy(Origin whoever) {
    this.origin = whoever;
  }

  /** Has something done once the change is safe; not at all if it is undone. */
  public void afterCommit(Runnable action) {
    afterwards.add(action);
  }

  /** Whether anybody is told of changes; if not, nothing has to be read for them. */
  public boolean isHeard() {
    return listener.listens(this);
  }

  /** Tells of a change that this transaction makes. */
  public void tell(Change change) {
    listener.changed(this, change);
  }

  void committed() {
    afterwards.forEach(Runnable::run);
  }
}
