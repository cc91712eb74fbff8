package org.attune.server.transfer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.attune.data.InvalidInputException;
import org.attune.feedback.client.Account;
import org.attune.feedback.client.FeedbackClient;
import org.attune.feedback.client.FeedbackClientException;
import org.attune.feedback.client.RemoteDataset;
import org.attune.feedback.client.Workspace;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.account.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * Copies workspaces, their people and their datasets from one server to another, both of which
 * speak Argilla's interface. What is there already stays as it is, so that an import which was
 * interrupted is simply run again. Of a dataset a few hundred records are in memory.
 */
public final class ArgillaImport {

  private final FeedbackClient source;
  private final FeedbackClient target;
  private final Choice choice;
  private final ImportProgress progress;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> names = new HashMap<>();
  private int datasets;
  private long added;
  private long there;

  private ArgillaImport(
      FeedbackClient source, FeedbackClient target, Choice choice, ImportProgress progress) {
    this.source = source;
    this.target = target;
    this.choice = choice;
    this.progress = progress;
  }

  /**
   * What is imported.
   *
   * @param workspace only this one, or null for all
   * @param dataset only those of this name, or null for all
   * @param createUsers whether people who are missing get an account, with a password that nobody
   *     knows
   */
  public record Choice(@Nullable String workspace, @Nullable String dataset, boolean createUsers) {}

  /**
   * What an import came to.
   *
   * @param there how many records were there before
   * @param problems what was left out, and why
   */
  public record Summary(int datasets, long added, long there, List<String> problems) {}

  /** Is told after each portion how many records of a dataset are done. */
  public interface ImportProgress {

    void at(String dataset, long done, long total);
  }

  /**
   * Imports.
   *
   * @throws FeedbackClientException if one of the servers cannot be reached any more
   */
  public static Summary run(
      FeedbackClient source, FeedbackClient target, Choice choice, ImportProgress progress) {
    return new ArgillaImport(source, target, choice, progress).run();
  }

  private Summary run() {
    List<Workspace> workspaces =
        choice.workspace() == null
            ? source.workspaces()
            : List.of(source.workspace(choice.workspace()));
    for (Workspace workspace : workspaces) {
      List<RemoteDataset> chosen =
          source.datasets(workspace).stream()
              .filter(each -> choice.dataset() == null || each.name().equals(choice.dataset()))
              .toList();
      Workspace place = workspace(workspace.name());
      people(workspace, place);
      chosen.forEach(each -> tried(each, place));
    }
    if (datasets == 0 && problems.isEmpty()) {
      throw new InvalidInputException(
          "There is no dataset to import%s on %s. Check --workspace, --dataset and whose key it is."
              .formatted(choice.dataset() == null ? "" : " \"" + choice.dataset() + '"', source));
    }
    return new Summary(datasets, added, there, List.copyOf(problems));
  }

  private Workspace workspace(String name) {
    return target.workspaces().stream()
        .filter(known -> known.name().equals(name))
        .findFirst()
        .orElseGet(() -> target.createWorkspace(name));
  }

  /** Finds or makes the accounts of those who work in a workspace. */
  private void people(Workspace from, Workspace to) {
    Map<String, Account> known = new HashMap<>();
    target.users().forEach(account -> known.put(account.username(), account));
    List<String> members = target.users(to).stream().map(Account::username).toList();
    List<Account> people = new ArrayList<>(source.users(from));
    people.add(source.me());
    for (Account person : people) {
      Account account = known.get(person.username());
      if (account == null && choice.createUsers()) {
        account = created(person);
        known.put(person.username(), account);
      }
      if (account == null) {
        problem(
            "%s: there is no such user here. Create the account, or use --create-users; answers of unknown users are left out with their records."
                .formatted(person.username()));
        continue;
      }
      names.put(person.id(), account.id());
      if (!members.contains(account.username()) && !account.role().equals("owner")) {
        target.addUser(to, account);
      }
    }
  }

  /** An owner elsewhere is none here: that is for an owner of this server to say. */
  private Account created(Account person) {
    String role = person.role().equals("owner") ? "admin" : person.role();
    return target.createUser(person.username(), person.firstName(), role, Secrets.next());
  }

  private void tried(RemoteDataset dataset, Workspace place) {
    try {
      dataset(dataset, place);
    } catch (InvalidFeedbackException e) {
      problem(dataset + ": " + e.getMessage());
    } catch (FeedbackClientException e) {
      if (e.status() != 422 && e.status() != 409) {
        throw e;
      }
      problem(dataset + ": " + e.getMessage());
    }
  }

  private void problem(String what) {
    if (!problems.contains(what)) {
      problems.add(what);
    }
  }

  private void dataset(RemoteDataset from, Workspace place) {
    if (!from.isPublished()) {
      problem(from + " is a draft there. Publish it, and run the command again.");
      return;
    }
    Optional<RemoteDataset> found = target.findDataset(from.name(), place);
    if (found.isPresent() && !found.get().isPublished()) {
      problem(
          found.get()
              + " is a draft here, perhaps of an import that was cut off. Delete or rename it, and run the command again.");
      return;
    }
    if (found.isPresent() && !found.get().settings().equals(from.settings())) {
      problem(found.get() + " has other settings here than there. Rename one of the two.");
      return;
    }
    RemoteDataset to =
        found.orElseGet(
            () -> target.create(from.name(), place, from.settings(), from.minSubmitted()));
    datasets++;
    try (Stream<FeedbackRecord> records = from.records()) {
      records(from, to, records.iterator());
    }
  }

  private void records(RemoteDataset from, RemoteDataset to, Iterator<FeedbackRecord> records) {
    RecordPortion portion = new RecordPortion(to, names);
    long total = from.size();
    long done = 0;
    while (records.hasNext()) {
      portion.read(records);
      added += portion.send();
      there += portion.there();
      portion.problems().forEach(problem -> problem(from + ", " + problem));
      done += portion.size();
      progress.at(from.toString(), done, total);
    }
  }
}
