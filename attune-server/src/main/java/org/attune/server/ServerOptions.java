package org.attune.server;

import java.nio.file.Path;
import org.attune.server.account.FirstStart;
import org.jspecify.annotations.Nullable;

/**
 * How a server is started.
 *
 * @param host the address to listen on; only {@code localhost} unless somebody asks for more
 * @param port 0 for one that is free
 * @param data the folder of the embedded database, the search index and what was uploaded
 * @param database the PostgreSQL database to use, or null for the embedded one
 * @param owner who an empty store is given
 * @param signIn how people sign in
 */
public record ServerOptions(
    String host,
    int port,
    Path data,
    @Nullable PostgreSql database,
    FirstStart.Owner owner,
    SignInOptions signIn) {

  /** A server where people sign in by passwords alone. */
  public ServerOptions(
      String host, int port, Path data, @Nullable PostgreSql database, FirstStart.Owner owner) {
    this(host, port, data, database, owner, SignInOptions.byPassword());
  }

  /** A JDBC URL and who signs in there. */
  public record PostgreSql(String address, String user, String password) {}
}
