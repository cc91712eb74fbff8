package org.attune.server.dataset;

import org.attune.server.access.SignedIn;
import org.attune.server.storage.Transaction;

/** Datasets by what their sender may do with them. */
public final class DatasetAccess {

  private DatasetAccess() {}

  /** A dataset that the sender may look at. */
  public static Dataset seen(Transaction transaction, SignedIn sender, String id) {
    Dataset dataset = Datasets.get(transaction, id);
    sender.requireSees(dataset.workspaceId());
    return dataset;
  }

  /** A dataset that the sender may change. */
  public static Dataset managed(Transaction transaction, SignedIn sender, String id) {
    Dataset dataset = Datasets.get(transaction, id);
    sender.requireManages(dataset.workspaceId());
    return dataset;
  }
}
