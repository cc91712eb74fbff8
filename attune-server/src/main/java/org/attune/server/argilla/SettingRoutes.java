package org.attune.server.argilla;

import static org.attune.server.argilla.AccountJson.items;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.attune.feedback.argilla.FieldJson;
import org.attune.feedback.argilla.MetadataPropertyJson;
import org.attune.feedback.argilla.QuestionPatch;
import org.attune.feedback.argilla.VectorSettingsJson;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.SpanQuestion;
import org.attune.server.access.SignedIn;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.dataset.Setting;
import org.attune.server.dataset.SettingTable;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Fields, questions, metadata properties and vectors of datasets. */
@ArgillaRoutes
@RequestMapping("/api/v1")
final class SettingRoutes {

  private static final int MOST_VECTORS = 5;

  private final Database database;

  SettingRoutes(Database database) {
    this.database = database;
  }

  @GetMapping("/datasets/{id}/fields")
  Map<String, Object> fields(SignedIn sender, @PathVariable String id) {
    return list(sender, id, SettingTable.FIELDS);
  }

  @PostMapping("/datasets/{id}/fields")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, @Nullable Object> addField(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    Field field = SettingTable.FIELDS.parse(body);
    return add(
        sender,
        id,
        SettingTable.FIELDS,
        field,
        (transaction, dataset) -> requireDraft(dataset, "Field", "created"));
  }

  @PatchMapping("/fields/{id}")
  Map<String, @Nullable Object> updateField(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    return update(sender, id, SettingTable.FIELDS, body, FieldJson::patch);
  }

  @DeleteMapping("/fields/{id}")
  Map<String, @Nullable Object> deleteField(SignedIn sender, @PathVariable String id) {
    return delete(
        sender, id, SettingTable.FIELDS, dataset -> requireDraft(dataset, "Field", "deleted"));
  }

  @GetMapping("/datasets/{id}/questions")
  Map<String, Object> questions(SignedIn sender, @PathVariable String id) {
    return list(sender, id, SettingTable.QUESTIONS);
  }

  @PostMapping("/datasets/{id}/questions")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, @Nullable Object> addQuestion(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    Question question = SettingTable.QUESTIONS.parse(body);
    return add(
        sender,
        id,
        SettingTable.QUESTIONS,
        question,
        (transaction, dataset) -> {
          requireDraft(dataset, "Question", "created");
          if (question instanceof SpanQuestion span) {
            requireMarkable(transaction, dataset, span);
          }
        });
  }

  private static void requireMarkable(
      Transaction transaction, Dataset dataset, SpanQuestion question) {
    Set<String> texts =
        SettingTable.FIELDS.of(transaction, dataset.id()).stream()
            .map(Setting::value)
            .filter(TextField.class::isInstance)
            .map(Field::name)
            .collect(Collectors.toSet());
    if (!texts.contains(question.field())) {
      throw RequestException.unprocessable(
          "'" + question.field() + "' is not a valid field name.\nValid field names are " + texts);
    }
    boolean taken =
        SettingTable.QUESTIONS.of(transaction, dataset.id()).stream()
            .map(Setting::value)
            .anyMatch(
                other ->
                    other instanceof SpanQuestion span && span.field().equals(question.field()));
    if (taken) {
      throw RequestException.unprocessable(
          "'" + question.field() + "' is already used by a span question of the dataset");
    }
  }

  @PatchMapping("/questions/{id}")
  Map<String, @Nullable Object> updateQuestion(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    return update(sender, id, SettingTable.QUESTIONS, body, QuestionPatch::apply);
  }

  @DeleteMapping("/questions/{id}")
  Map<String, @Nullable Object> deleteQuestion(SignedIn sender, @PathVariable String id) {
    return delete(
        sender,
        id,
        SettingTable.QUESTIONS,
        dataset -> requireDraft(dataset, "Question", "deleted"));
  }

  @GetMapping("/me/datasets/{id}/metadata-properties")
  Map<String, Object> metadataProperties(SignedIn sender, @PathVariable String id) {
    return items(
        database.read(
            transaction ->
                SettingTable.METADATA_PROPERTIES
                    .of(transaction, DatasetAccess.seen(transaction, sender, id).id())
                    .stream()
                    .filter(
                        property ->
                            !sender.isAnnotator() || property.value().visibleForAnnotators())
                    .toList()),
        property -> DatasetJson.setting(SettingTable.METADATA_PROPERTIES, property));
  }

  @PostMapping("/datasets/{id}/metadata-properties")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, @Nullable Object> addMetadataProperty(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    return add(
        sender,
        id,
        SettingTable.METADATA_PROPERTIES,
        SettingTable.METADATA_PROPERTIES.parse(body),
        (transaction, dataset) -> {});
  }

  @PatchMapping("/metadata-properties/{id}")
  Map<String, @Nullable Object> updateMetadataProperty(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    return update(sender, id, SettingTable.METADATA_PROPERTIES, body, MetadataPropertyJson::patch);
  }

  @DeleteMapping("/metadata-properties/{id}")
  Map<String, @Nullable Object> deleteMetadataProperty(SignedIn sender, @PathVariable String id) {
    return delete(sender, id, SettingTable.METADATA_PROPERTIES, dataset -> {});
  }

  @GetMapping("/datasets/{id}/vectors-settings")
  Map<String, Object> vectors(SignedIn sender, @PathVariable String id) {
    return list(sender, id, SettingTable.VECTORS);
  }

  @PostMapping("/datasets/{id}/vectors-settings")
  @ResponseStatus(HttpStatus.CREATED)
  Map<String, @Nullable Object> addVectors(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    return add(
        sender,
        id,
        SettingTable.VECTORS,
        SettingTable.VECTORS.parse(body),
        (transaction, dataset) -> {
          if (SettingTable.VECTORS.of(transaction, dataset.id()).size() >= MOST_VECTORS) {
            throw RequestException.unprocessable(
                "The maximum number of vectors has been reached for dataset with id `"
                    + dataset.id()
                    + "`: "
                    + MOST_VECTORS);
          }
        });
  }

  @PatchMapping("/vectors-settings/{id}")
  Map<String, @Nullable Object> updateVectors(
      SignedIn sender, @PathVariable String id, @RequestBody Map<String, @Nullable Object> body) {
    return update(sender, id, SettingTable.VECTORS, body, VectorSettingsJson::patch);
  }

  @DeleteMapping("/vectors-settings/{id}")
  Map<String, @Nullable Object> deleteVectors(SignedIn sender, @PathVariable String id) {
    return delete(sender, id, SettingTable.VECTORS, dataset -> {});
  }

  private <T> Map<String, Object> list(SignedIn sender, String id, SettingTable<T> table) {
    List<Setting<T>> settings =
        database.read(
            transaction -> table.of(transaction, DatasetAccess.seen(transaction, sender, id).id()));
    return items(settings, setting -> DatasetJson.setting(table, setting));
  }

  private <T> Map<String, @Nullable Object> add(
      SignedIn sender,
      String id,
      SettingTable<T> table,
      T value,
      BiConsumer<Transaction, Dataset> rule) {
    return DatasetJson.setting(
        table,
        database.write(
            transaction -> {
              Dataset dataset = DatasetAccess.managed(transaction, sender, id);
              rule.accept(transaction, dataset);
              return table.add(transaction, dataset, value);
            }));
  }

  private <T> Map<String, @Nullable Object> update(
      SignedIn sender,
      String id,
      SettingTable<T> table,
      Map<String, @Nullable Object> body,
      BiFunction<T, @Nullable Object, T> patch) {
    return DatasetJson.setting(
        table,
        database.write(
            transaction -> {
              Setting<T> setting = table.get(transaction, id);
              DatasetAccess.managed(transaction, sender, setting.datasetId());
              return table.update(transaction, setting, patch.apply(setting.value(), body));
            }));
  }

  private <T> Map<String, @Nullable Object> delete(
      SignedIn sender, String id, SettingTable<T> table, Consumer<Dataset> rule) {
    return DatasetJson.setting(
        table,
        database.write(
            transaction -> {
              Setting<T> setting = table.get(transaction, id);
              rule.accept(DatasetAccess.managed(transaction, sender, setting.datasetId()));
              table.delete(transaction, setting);
              return setting;
            }));
  }

  private static void requireDraft(Dataset dataset, String kind, String done) {
    if (dataset.ready()) {
      throw RequestException.unprocessable(
          kind + " cannot be " + done + " for a published dataset");
    }
  }
}
