package org.attune.server.quality;

import org.attune.server.access.SignedIn;
import org.attune.server.account.Users;
import org.attune.server.account.Workspaces;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.page.Page;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** How does this person work in this dataset? */
@Page
final class PersonPage {

  private final Database database;

  PersonPage(Database database) {
    this.database = database;
  }

  @GetMapping("/dataset/{id}/people/{userId}")
  String show(SignedIn sender, @PathVariable String id, @PathVariable String userId, Model model) {
    return database.read(
        transaction -> {
          Dataset dataset = DatasetAccess.managed(transaction, sender, id);
          if (!dataset.ready()) {
            throw RequestException.notFound("Published dataset", id);
          }
          model.addAttribute("dataset", dataset);
          model.addAttribute(
              "workspace", Workspaces.get(transaction, dataset.workspaceId()).name());
          model.addAttribute("person", Users.get(transaction, userId));
          model.addAttribute(
              "figures",
              PersonFigures.of(transaction, DatasetSettings.load(transaction, dataset), userId));
          return "quality/person";
        });
  }
}
