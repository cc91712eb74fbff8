package org.attune.server.page;

import org.attune.server.access.SignedIn;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** What do I think of this record? The frame of the annotation page; its scripts fill it. */
@Page
final class AnnotatePage {

  private final Database database;

  AnnotatePage(Database database) {
    this.database = database;
  }

  private record Place(String dataset, String workspaceId, String workspace) {}

  @GetMapping("/dataset/{id}/annotation-mode")
  String annotate(@PathVariable String id, SignedIn sender, Model model) {
    Place place = database.read(transaction -> place(transaction, id));
    sender.requireSees(place.workspaceId());
    model.addAttribute("datasetId", id);
    model.addAttribute("dataset", place.dataset());
    model.addAttribute("workspace", place.workspace());
    return "annotate";
  }

  private static Place place(Transaction transaction, String id) {
    return transaction
        .find(
            "SELECT d.name, w.id, w.name FROM datasets d JOIN workspaces w"
                + " ON w.id = d.workspace_id WHERE d.id = ?",
            (row, index) -> new Place(row.getString(1), row.getString(2), row.getString(3)),
            id)
        .orElseThrow(() -> RequestException.notFound("Dataset", id));
  }
}
