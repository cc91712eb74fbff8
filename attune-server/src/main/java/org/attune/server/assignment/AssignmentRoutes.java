package org.attune.server.assignment;

import java.util.Map;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The rules by which people are given records, for whoever leads a dataset. */
@RestController
@RequestMapping("/api/attune/datasets/{id}/assignment")
final class AssignmentRoutes {

  private final Database database;

  AssignmentRoutes(Database database) {
    this.database = database;
  }

  @GetMapping
  Map<String, @Nullable Object> show(SignedIn sender, @PathVariable String id) {
    return database.read(
        transaction -> Assignment.json(DatasetAccess.managed(transaction, sender, id)));
  }

  @PatchMapping
  Map<String, @Nullable Object> change(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    return database.write(
        transaction -> {
          Dataset dataset = DatasetAccess.managed(transaction, sender, id);
          return Assignment.json(Assignment.change(transaction, dataset, body, sender.user().id()));
        });
  }
}
