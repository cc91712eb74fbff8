package org.attune.server.argilla;

import static org.attune.server.argilla.AccountJson.items;

import java.util.List;
import java.util.Map;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Workspaces;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.json.Body;
import org.attune.server.problem.RequestException;
import org.attune.server.problem.SchemaException;
import org.attune.server.record.Responses;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Datasets: made as drafts, published once, changed and deleted. */
@ArgillaRoutes
@RequestMapping("/api/v1")
final class DatasetRoutes {

  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_GUIDELINES = 10_000;

  private final Database database;

  DatasetRoutes(Database database) {
    this.database = database;
  }

  @GetMapping("/me/datasets")
  Map<String, Object> mine(
      SignedIn sender,
      @RequestParam(name = "workspace_id", required = false) @Nullable String workspaceId,
      @RequestParam(required = false) @Nullable String name,
      @RequestParam(required = false) @Nullable String status) {
    if (status != null && !status.equals("draft") && !status.equals("ready")) {
      throw new SchemaException(
          List.of(
              new SchemaException.Fault(
                  List.of("query", "status"), "Input should be 'draft' or 'ready'", "enum")));
    }
    List<Dataset> datasets =
        database.read(
            transaction ->
                sender.isOwner()
                    ? Datasets.all(transaction)
                    : Datasets.ofUser(transaction, sender.user().id()));
    return items(
        datasets.stream()
            .filter(dataset -> workspaceId == null || dataset.workspaceId().equals(workspaceId))
            .filter(dataset -> name == null || dataset.name().equals(name))
            .filter(dataset -> status == null || dataset.ready() == status.equals("ready"))
            .toList(),
        DatasetJson::dataset);
  }

  @PostMapping("/datasets")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, @Nullable Object> create(
      SignedIn sender, @RequestBody Map<String, @Nullable Object> json) {
    Body body = Body.of(json);
    String name = name(body);
    String guidelines = body.optionalText("guidelines", LONGEST_GUIDELINES);
    boolean extra =
        body.raw("allow_extra_metadata") == null || body.bool("allow_extra_metadata", true);
    String workspaceId = body.text("workspace_id", LONGEST_NAME);
    int minSubmitted = body.raw("distribution") == null ? 1 : minSubmitted(body);
    Map<String, @Nullable Object> metadata = body.optionalMap("metadata");
    body.check();
    return DatasetJson.dataset(
        database.write(
            transaction -> {
              sender.requireManages(workspaceId);
              return Datasets.create(
                  transaction,
                  Workspaces.find(transaction, workspaceId)
                      .orElseThrow(
                          () ->
                              RequestException.unprocessable(
                                  "Workspace with id `" + workspaceId + "` not found")),
                  name,
                  guidelines,
                  extra,
                  minSubmitted,
                  metadata);
            }));
  }

  private static String name(Body body) {
    String name = body.text("name", LONGEST_NAME);
    Problems problems = Problems.none();
    if (!name.isEmpty()) {
      Names.checkDataset(name, problems);
    }
    if (!problems.isEmpty()) {
      body.fault(
          "name",
          "String should have only letters, digits, spaces, - and _, and start with none of - and _",
          "string_pattern_mismatch");
    }
    return name;
  }

  private static int minSubmitted(Body body) {
    Body distribution = body.object("distribution");
    if (!"overlap".equals(distribution.raw("strategy"))) {
      distribution.fault("strategy", "Input should be 'overlap'", "enum");
    }
    return distribution.integer("min_submitted", 1, Integer.MAX_VALUE);
  }

  @GetMapping("/datasets/{id}")
  Map<String, @Nullable Object> get(SignedIn sender, @PathVariable String id) {
    return DatasetJson.dataset(
        database.read(transaction -> DatasetAccess.seen(transaction, sender, id)));
  }

  @PatchMapping("/datasets/{id}")
  Map<String, @Nullable Object> update(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> json) {
    Body body = Body.of(json);
    return DatasetJson.dataset(
        database.write(
            transaction -> {
              Dataset dataset = DatasetAccess.managed(transaction, sender, id);
              String name = body.has("name") ? name(body) : dataset.name();
              String guidelines =
                  body.has("guidelines")
                      ? body.optionalText("guidelines", LONGEST_GUIDELINES)
                      : dataset.guidelines();
              boolean extra = body.bool("allow_extra_metadata", dataset.allowExtraMetadata());
              int minSubmitted =
                  body.raw("distribution") == null ? dataset.minSubmitted() : minSubmitted(body);
              Map<String, @Nullable Object> metadata =
                  body.has("metadata") ? body.optionalMap("metadata") : dataset.metadata();
              body.check();
              Dataset changed =
                  Datasets.update(
                      transaction,
                      dataset,
                      dataset.with(name, guidelines, extra, minSubmitted, metadata));
              if (minSubmitted != dataset.minSubmitted()) {
                Responses.judgeAll(transaction, changed);
              }
              return changed;
            }));
  }

  @PutMapping("/datasets/{id}/publish")
  Map<String, @Nullable Object> publish(SignedIn sender, @PathVariable String id) {
    return DatasetJson.dataset(
        database.write(
            transaction -> {
              Dataset dataset = DatasetAccess.managed(transaction, sender, id);
              if (dataset.ready()) {
                throw RequestException.unprocessable(
                    "Dataset with id `" + id + "` is already published");
              }
              DatasetSettings.loadComplete(transaction, dataset);
              return Datasets.publish(transaction, dataset);
            }));
  }

  @DeleteMapping("/datasets/{id}")
  Map<String, @Nullable Object> delete(SignedIn sender, @PathVariable String id) {
    return DatasetJson.dataset(
        database.write(
            transaction -> {
              Dataset dataset = DatasetAccess.managed(transaction, sender, id);
              Datasets.delete(transaction, dataset);
              return dataset;
            }));
  }
}
