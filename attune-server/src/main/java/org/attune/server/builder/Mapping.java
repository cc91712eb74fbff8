package org.attune.server.builder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.attune.data.Row;
import org.attune.feedback.field.ChatField;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.FloatMetadataProperty;
import org.attune.feedback.field.ImageField;
import org.attune.feedback.field.IntegerMetadataProperty;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.Question;
import org.attune.server.builder.ColumnUse.Kind;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.Setting;
import org.attune.server.dataset.SettingTable;
import org.attune.server.storage.Transaction;

/** Turns the mapping of a file's columns into fields and metadata of a draft. */
final class Mapping {

  private static final Set<String> ID_NAMES = Set.of("id", "external-id", "external_id", "uuid");
  private static final int ROWS_LOOKED_AT = 200;
  private static final int SHORT_TEXT = 40;

  private Mapping() {}

  /**
   * A first guess: what has the name of a field or question is for it, short texts are metadata.
   */
  static Upload suggested(Transaction transaction, UploadFolder folder, Upload upload) {
    List<String> fields =
        names(SettingTable.FIELDS.of(transaction, upload.datasetId()), Field::name);
    List<String> questions =
        names(SettingTable.QUESTIONS.of(transaction, upload.datasetId()), Question::name);
    List<Row> rows = folder.read(upload).head(ROWS_LOOKED_AT);
    Map<String, ColumnUse> mapping = new LinkedHashMap<>();
    List<String> columns = folder.read(upload).columnNames();
    for (int i = 0; i < columns.size(); i++) {
      String column = columns.get(i);
      String name = ColumnUse.nameOf(column, i);
      Kind kind =
          fields.contains(name)
              ? Kind.TEXT
              : questions.contains(name)
                  ? Kind.SUGGESTION
                  : ID_NAMES.contains(name)
                      ? Kind.EXTERNAL_ID
                      : guess(fields.isEmpty(), column, rows);
      boolean complete = rows.stream().allMatch(row -> row.has(column));
      mapping.put(column, new ColumnUse(kind, name, kind.isField() && complete));
    }
    return upload.mapped(mapping);
  }

  private static <T> List<String> names(List<Setting<T>> settings, Function<T, String> name) {
    return settings.stream().map(Setting::value).map(name).toList();
  }

  private static Kind guess(boolean fieldsWanted, String column, List<Row> rows) {
    boolean isChat =
        rows.stream()
            .anyMatch(
                row ->
                    row.values().get(column) instanceof List<?> turns
                        && !turns.isEmpty()
                        && turns.get(0) instanceof Map<?, ?> turn
                        && turn.containsKey("role"));
    if (isChat) {
      return Kind.CHAT;
    }
    boolean isText =
        rows.stream()
            .anyMatch(
                row ->
                    row.values().get(column) instanceof String text && text.length() > SHORT_TEXT);
    if (isText && fieldsWanted) {
      return Kind.TEXT;
    }
    return isText ? Kind.IGNORE : Kind.METADATA;
  }

  /** Gives a draft the fields and metadata of a mapping, in place of those of the former one. */
  static void apply(Transaction transaction, UploadFolder folder, Dataset dataset, Upload upload) {
    List<Row> rows = folder.read(upload).head(ROWS_LOOKED_AT);
    Map<String, ColumnUse> former =
        Upload.of(transaction, dataset.id()).map(Upload::mapping).orElse(Map.of());
    Set<String> replaced =
        former.values().stream().map(ColumnUse::name).collect(Collectors.toSet());
    upload.mapping().values().forEach(use -> replaced.add(use.name()));
    drop(transaction, dataset, SettingTable.METADATA_PROPERTIES, MetadataProperty::name, replaced);
    drop(transaction, dataset, SettingTable.FIELDS, Field::name, replaced);
    upload
        .mapping()
        .forEach(
            (column, use) -> {
              if (use.kind().isField()) {
                SettingTable.FIELDS.add(transaction, dataset, field(use));
              } else if (use.kind() == Kind.METADATA) {
                SettingTable.METADATA_PROPERTIES.add(
                    transaction, dataset, property(use.name(), column, rows));
              }
            });
    upload.save(transaction);
  }

  private static <T> void drop(
      Transaction transaction,
      Dataset dataset,
      SettingTable<T> table,
      Function<T, String> name,
      Set<String> names) {
    table.of(transaction, dataset.id()).stream()
        .filter(setting -> names.contains(name.apply(setting.value())))
        .forEach(setting -> table.delete(transaction, setting));
  }

  private static Field field(ColumnUse use) {
    return switch (use.kind()) {
      case CHAT -> use.required() ? ChatField.of(use.name()) : ChatField.of(use.name()).optional();
      case IMAGE ->
          use.required() ? ImageField.of(use.name()) : ImageField.of(use.name()).optional();
      default -> {
        TextField text = TextField.of(use.name());
        TextField shown = use.kind() == Kind.MARKDOWN ? text.markdown() : text;
        yield use.required() ? shown : shown.optional();
      }
    };
  }

  private static MetadataProperty property(String name, String column, List<Row> rows) {
    List<Object> values = new ArrayList<>();
    rows.forEach(
        row -> {
          if (row.has(column)) {
            values.add(row.get(column));
          }
        });
    if (!values.isEmpty() && values.stream().allMatch(Long.class::isInstance)) {
      return IntegerMetadataProperty.of(name);
    }
    return !values.isEmpty() && values.stream().allMatch(Number.class::isInstance)
        ? FloatMetadataProperty.of(name)
        : TermsMetadataProperty.of(name);
  }
}
