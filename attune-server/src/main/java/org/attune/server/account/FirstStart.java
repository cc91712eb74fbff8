package org.attune.server.account;

import java.util.Optional;
import org.attune.data.InvalidInputException;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;

/** What an empty store is given: one owner and the workspace {@code default}. */
public final class FirstStart {

  private static final String DEFAULT_NAME = "owner";
  private static final int SHORTEST_PASSWORD = 8;
  private static final int SHORTEST_KEY = 8;

  private FirstStart() {}

  /** What the environment asks for; what it leaves out is chosen at random. */
  public record Owner(@Nullable String name, @Nullable String password, @Nullable String apiKey) {
    public Owner {
      if (password != null && password.length() < SHORTEST_PASSWORD) {
        throw new InvalidInputException(
            "ATTUNE_OWNER_PASSWORD must have at least 8 characters, but has "
                + password.length()
                + ". Choose a longer one, or unset it to be given a random one.");
      }
      if (apiKey != null && apiKey.length() < SHORTEST_KEY) {
        throw new InvalidInputException(
            "ATTUNE_OWNER_API_KEY must have at least 8 characters, but has "
                + apiKey.length()
                + ". Choose a longer one, or unset it to be given a random one.");
      }
    }
  }

  /** The owner that was made, with secrets to show once: those that nobody chose. */
  public record Outcome(String name, @Nullable String password, @Nullable String apiKey) {}

  /** Fills an empty store; does nothing to one that has a user. */
  public static Optional<Outcome> prepare(Database database, Owner wanted) {
    return database.write(
        transaction -> {
          long users = transaction.number("SELECT COUNT(*) FROM users");
          if (users > 0) {
            return Optional.<Outcome>empty();
          }
          String name = wanted.name() == null ? DEFAULT_NAME : wanted.name();
          String password = wanted.password() == null ? Secrets.next() : wanted.password();
          String key = wanted.apiKey() == null ? Secrets.next() : wanted.apiKey();
          User owner =
              Users.create(
                      transaction, new Users.Draft(name, name, null, Role.OWNER, password), key)
                  .user();
          Workspaces.addMember(transaction, Workspaces.create(transaction, "default"), owner);
          return Optional.of(
              new Outcome(
                  name,
                  wanted.password() == null ? password : null,
                  wanted.apiKey() == null ? key : null));
        });
  }
}
