package org.attune.server.argilla;

import static org.attune.server.argilla.AccountJson.items;

import java.util.List;
import java.util.Map;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.record.RecordWriter;
import org.attune.server.record.Records;
import org.attune.server.record.StoredRecord;
import org.attune.server.record.StoredSuggestion;
import org.attune.server.record.Suggestions;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Suggestions for records, one for a question. */
@ArgillaRoutes
@RequestMapping("/api/v1")
final class SuggestionRoutes {

  private final Database database;

  SuggestionRoutes(Database database) {
    this.database = database;
  }

  @GetMapping("/records/{id}/suggestions")
  Map<String, Object> list(SignedIn sender, @PathVariable String id) {
    return items(
        database.read(
            transaction -> {
              StoredRecord record = Records.get(transaction, id);
              DatasetAccess.seen(transaction, sender, record.datasetId());
              return Suggestions.of(transaction, List.of(id));
            }),
        RecordView::suggestion);
  }

  @PutMapping("/records/{id}/suggestions")
  ResponseEntity<Map<String, @Nullable Object>> put(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    return database.write(
        transaction -> {
          StoredRecord record = Records.get(transaction, id);
          Dataset dataset = DatasetAccess.managed(transaction, sender, record.datasetId());
          DatasetSettings settings = DatasetSettings.load(transaction, dataset);
          String questionId = String.valueOf(body.get("question_id"));
          boolean replaced = Suggestions.of(transaction, id, questionId).isPresent();
          new RecordWriter(transaction, settings, sender.user().id())
              .upsert(List.of(Map.of("id", id, "suggestions", List.of(body))));
          return ResponseEntity.status(replaced ? HttpStatus.OK : HttpStatus.CREATED)
              .body(
                  RecordView.suggestion(Suggestions.of(transaction, id, questionId).orElseThrow()));
        });
  }

  @DeleteMapping("/records/{id}/suggestions")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void deleteAll(SignedIn sender, @PathVariable String id, @RequestParam("ids") String ids) {
    List<String> wanted = RecordRoutes.ids(ids);
    database.change(
        transaction -> {
          StoredRecord record = Records.get(transaction, id);
          DatasetAccess.managed(transaction, sender, record.datasetId());
          Suggestions.delete(transaction, record, wanted);
        });
  }

  @DeleteMapping("/suggestions/{id}")
  Map<String, @Nullable Object> delete(SignedIn sender, @PathVariable String id) {
    return RecordView.suggestion(
        database.write(
            transaction -> {
              StoredSuggestion suggestion = Suggestions.get(transaction, id);
              StoredRecord record = Records.get(transaction, suggestion.recordId());
              DatasetAccess.managed(transaction, sender, record.datasetId());
              Suggestions.delete(transaction, record, List.of(id));
              return suggestion;
            }));
  }
}
