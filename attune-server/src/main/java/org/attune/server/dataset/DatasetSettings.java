package org.attune.server.dataset;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.attune.feedback.argilla.RecordJson;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.question.Question;
import org.attune.feedback.record.RecordRules;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.validation.Problems;
import org.attune.server.access.SignedIn;
import org.attune.server.storage.Transaction;

/** Everything that a dataset's records are read and judged by. */
public final class DatasetSettings {

  private final Dataset dataset;
  private final List<Setting<Field>> fields;
  private final List<Setting<Question>> questions;
  private final List<Setting<MetadataProperty>> metadataProperties;
  private final List<Setting<VectorSettings>> vectors;
  private final FeedbackSettings feedback;

  private DatasetSettings(
      Dataset dataset,
      List<Setting<Field>> fields,
      List<Setting<Question>> questions,
      List<Setting<MetadataProperty>> metadataProperties,
      List<Setting<VectorSettings>> vectors) {
    this.dataset = dataset;
    this.fields = fields;
    this.questions = questions;
    this.metadataProperties = metadataProperties;
    this.vectors = vectors;
    this.feedback =
        new FeedbackSettings(
            dataset.guidelines(),
            values(fields),
            values(questions),
            values(metadataProperties),
            values(vectors),
            dataset.allowExtraMetadata());
  }

  private static <T> List<T> values(List<Setting<T>> settings) {
    return settings.stream().map(Setting::value).toList();
  }

  /**
   * The settings of a dataset that is published, or is to be.
   *
   * @throws org.attune.feedback.validation.InvalidFeedbackException if they are not complete
   */
  public static DatasetSettings load(Transaction transaction, Dataset dataset) {
    return new DatasetSettings(
        dataset,
        SettingTable.FIELDS.of(transaction, dataset.id()),
        SettingTable.QUESTIONS.of(transaction, dataset.id()),
        SettingTable.METADATA_PROPERTIES.of(transaction, dataset.id()),
        SettingTable.VECTORS.of(transaction, dataset.id()));
  }

  /**
   * The settings of a draft that is to be published: as {@link #load}, and with a question.
   *
   * @throws org.attune.feedback.validation.InvalidFeedbackException if they are not complete
   */
  public static DatasetSettings loadComplete(Transaction transaction, Dataset dataset) {
    DatasetSettings settings = load(transaction, dataset);
    if (settings.questions().isEmpty()) {
      Problems problems = Problems.none();
      problems.add("questions", "must be at least one", 0, "Add a question.");
      problems.throwIfAny("the settings of the dataset");
    }
    return settings;
  }

  public Dataset dataset() {
    return dataset;
  }

  public FeedbackSettings feedback() {
    return feedback;
  }

  public List<Setting<Field>> fields() {
    return fields;
  }

  public List<Setting<Question>> questions() {
    return questions;
  }

  public List<Setting<MetadataProperty>> metadataProperties() {
    return metadataProperties;
  }

  public List<Setting<VectorSettings>> vectors() {
    return vectors;
  }

  /** From the name of a question to its id. */
  public Map<String, String> questionIds() {
    Map<String, String> ids = new LinkedHashMap<>();
    questions.forEach(question -> ids.put(question.value().name(), question.id()));
    return ids;
  }

  /** From the name of a vector to the id of its settings. */
  public Map<String, String> vectorIds() {
    Map<String, String> ids = new LinkedHashMap<>();
    vectors.forEach(vector -> ids.put(vector.value().name(), vector.id()));
    return ids;
  }

  /** The names of the metadata properties that somebody must not see, nor search by. */
  public Set<String> metadataHiddenFrom(SignedIn sender) {
    return sender.isAnnotator()
        ? metadataProperties.stream()
            .map(Setting::value)
            .filter(property -> !property.visibleForAnnotators())
            .map(MetadataProperty::name)
            .collect(Collectors.toUnmodifiableSet())
        : Set.of();
  }

  public RecordJson recordJson() {
    return new RecordJson(feedback, questionIds());
  }

  public RecordRules rules() {
    return new RecordRules(feedback);
  }
}
