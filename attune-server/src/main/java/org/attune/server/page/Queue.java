package org.attune.server.page;

import java.util.Comparator;
import java.util.List;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Workspaces;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.record.Responses;
import org.attune.server.search.Filter;
import org.attune.server.search.Scope.OfResponse;
import org.attune.server.search.Search;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;

/**
 * What one person has to do, and did, in one dataset.
 *
 * @param pending records that still need an answer and have none from this person
 */
public record Queue(
    String datasetId,
    String dataset,
    String workspace,
    long pending,
    long drafts,
    long submitted,
    long discarded) {

  private static final Filter PENDING = new Filter.Terms(new OfResponse(null), List.of("pending"));

  /** A dataset that takes answers, and what the person answered in it. */
  private record Open(
      DatasetSettings settings, String workspace, long drafts, long submitted, long discarded) {

    static Open of(Transaction transaction, Dataset dataset, String userId) {
      String id = dataset.id();
      return new Open(
          DatasetSettings.load(transaction, dataset),
          Workspaces.get(transaction, dataset.workspaceId()).name(),
          Responses.count(transaction, id, userId, "draft"),
          Responses.count(transaction, id, userId, "submitted"),
          Responses.count(transaction, id, userId, "discarded"));
    }
  }

  /** The queues of a person in every dataset that takes answers, the most recent first. */
  static List<Queue> of(Database database, Search search, SignedIn sender) {
    String userId = sender.user().id();
    return database.read(transaction -> open(transaction, sender)).stream()
        .map(open -> queue(open, search.count(open.settings(), userId, List.of(PENDING))))
        .toList();
  }

  private static List<Open> open(Transaction transaction, SignedIn sender) {
    String userId = sender.user().id();
    List<Dataset> datasets =
        sender.isOwner() ? Datasets.all(transaction) : Datasets.ofUser(transaction, userId);
    return datasets.stream()
        .filter(Dataset::ready)
        .sorted(Comparator.comparingLong(Dataset::lastActivityAt).reversed())
        .map(dataset -> Open.of(transaction, dataset, userId))
        .toList();
  }

  private static Queue queue(Open open, long pending) {
    Dataset dataset = open.settings().dataset();
    return new Queue(
        dataset.id(),
        dataset.name(),
        open.workspace(),
        pending,
        open.drafts(),
        open.submitted(),
        open.discarded());
  }

  /** How many records this person is done with. */
  public long done() {
    return submitted + discarded;
  }

  /** How many records this person has or had to look at. */
  public long mine() {
    return done() + pending + drafts;
  }
}
