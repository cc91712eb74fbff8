package org.attune.feedback;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.attune.data.Dataset;
import org.attune.data.hub.Hub;
import org.attune.feedback.agreement.Agreement;
import org.attune.feedback.change.Change;
import org.attune.feedback.change.ChangeLog;
import org.attune.feedback.client.FeedbackClient;
import org.attune.feedback.client.RemoteDataset;
import org.attune.feedback.field.Field;
import org.attune.feedback.field.MetadataProperty;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.hub.HubLayout;
import org.attune.feedback.hub.SharedFeedback;
import org.attune.feedback.hub.TableLayout;
import org.attune.feedback.metrics.ModelMetrics;
import org.attune.feedback.query.Filter;
import org.attune.feedback.query.Sort;
import org.attune.feedback.question.Question;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.RecordRules;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.record.UnifiedAnswer;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.task.TrainingRows;
import org.attune.feedback.task.TrainingTask;
import org.attune.feedback.unify.AnnotatorWeights;
import org.attune.feedback.unify.UnificationStrategy;
import org.attune.feedback.validation.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Records, the questions asked about them and what people answered.
 *
 * <p>Every change is checked first: it happens as a whole or, with all problems listed in an {@link
 * org.attune.feedback.validation.InvalidFeedbackException}, not at all. A dataset made by {@link
 * #builder} lives in memory; one of a {@link org.attune.feedback.store.FileStore} writes each
 * change to disk before it takes effect. Not safe for use by several threads at once.
 */
public final class FeedbackDataset implements Iterable<FeedbackRecord> {

  private final ChangeLog log;
  private final Map<String, FeedbackRecord> records = new LinkedHashMap<>();
  private final Map<String, String> idsByExternalId = new HashMap<>();
  private FeedbackSettings settings;
  private RecordRules rules;

  private FeedbackDataset(FeedbackSettings settings, ChangeLog log) {
    this.log = log;
    this.settings = settings;
    this.rules = new RecordRules(settings);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** An empty dataset in memory. */
  public static FeedbackDataset of(FeedbackSettings settings) {
    return new FeedbackDataset(settings, ChangeLog.NONE);
  }

  /** An empty dataset that writes its changes to a log before they take effect. */
  public static FeedbackDataset withLog(FeedbackSettings settings, ChangeLog log) {
    return new FeedbackDataset(settings, log);
  }

  /**
   * Reads the only split of a folder in the layout in which Argilla 1.x shares datasets.
   *
   * @throws org.attune.feedback.hub.HubFormatException if files are missing or damaged
   * @throws org.attune.feedback.validation.InvalidFeedbackException if records break the settings'
   *     rules
   */
  public static FeedbackDataset fromFolder(Path folder) {
    return fromFolder(folder, null);
  }

  /**
   * Reads one split of such a folder.
   *
   * @param split such as {@code train}; null if there is only one
   */
  public static FeedbackDataset fromFolder(Path folder, @Nullable String split) {
    FeedbackDataset dataset = of(HubLayout.readSettings(folder));
    dataset.addAll(HubLayout.readRecords(dataset.settings, folder, split));
    return dataset;
  }

  /** Writes the dataset into a folder that {@link #fromFolder(Path)} and Argilla 1.x read. */
  public void toFolder(Path folder) {
    HubLayout.write(settings, records.values(), folder);
  }

  /** A dataset of the hub that the environment names, such as {@code argilla/some-dataset}. */
  public static FeedbackDataset fromHuggingFace(String repository) {
    return fromHuggingFace(repository, null, Hub.current());
  }

  /**
   * A dataset of a hub; downloaded before, it is read from the cache.
   *
   * @param split such as {@code train}; null if there is only one
   * @throws org.attune.data.hub.HubException if it cannot be had
   */
  public static FeedbackDataset fromHuggingFace(
      String repository, @Nullable String split, Hub hub) {
    return fromFolder(SharedFeedback.download(repository, hub), split);
  }

  /** Shares the dataset, as public, on the hub that the environment names. */
  public String pushToHuggingFace(String repository) {
    return pushToHuggingFace(repository, false, Hub.current());
  }

  /**
   * Shares the dataset on a hub, with a card that describes it.
   *
   * @param isPrivate whether only its owner sees a repository that is made now
   * @return the commit's address or, where the hub does not tell it, the commit
   * @throws org.attune.data.hub.HubException if there is no token, or the hub refuses
   */
  public String pushToHuggingFace(String repository, boolean isPrivate, Hub hub) {
    return SharedFeedback.upload(settings, records.values(), repository, isPrivate, hub);
  }

  /**
   * A copy of a dataset that is on a server. To work with one that is too large for memory, or to
   * change it there, use {@link FeedbackClient#dataset}.
   *
   * @throws IllegalArgumentException if there is no such workspace or dataset
   */
  public static FeedbackDataset fromArgilla(FeedbackClient client, String name, String workspace) {
    RemoteDataset remote = client.dataset(name, client.workspace(workspace));
    FeedbackDataset dataset = of(remote.settings());
    try (Stream<FeedbackRecord> all = remote.records()) {
      dataset.addAll(all.toList());
    }
    return dataset;
  }

  /**
   * Makes a new dataset of the same settings and records on a server, to be annotated there. A
   * record without an external id gets its id as one.
   *
   * @throws org.attune.feedback.client.FeedbackClientException if the server refuses it, for
   *     instance because there is one of that name
   */
  public RemoteDataset pushToArgilla(FeedbackClient client, String name, String workspace) {
    RemoteDataset remote = client.create(name, client.workspace(workspace), settings);
    remote.addRecords(records.values());
    return remote;
  }

  /** A dataset of the records that pass all filters; later changes of either stay apart. */
  public FeedbackDataset filterBy(Filter... filters) {
    return copy(
        records.values().stream()
            .filter(record -> Arrays.stream(filters).allMatch(filter -> filter.passes(record))));
  }

  /** A dataset of the same records, ordered by the first sort, then by the next. */
  public FeedbackDataset sortBy(Sort... sorts) {
    return copy(records.values().stream().sorted(Sort.all(List.of(sorts))));
  }

  private FeedbackDataset copy(Stream<FeedbackRecord> chosen) {
    FeedbackDataset copy = of(settings);
    chosen.forEach(record -> copy.put(record.id(), Optional.of(record)));
    return copy;
  }

  public FeedbackSettings settings() {
    return settings;
  }

  public int size() {
    return records.size();
  }

  /** The records as they are now, in the order in which they were added. */
  public List<FeedbackRecord> records() {
    return List.copyOf(records.values());
  }

  @Override
  public Iterator<FeedbackRecord> iterator() {
    return records().iterator();
  }

  public Optional<FeedbackRecord> record(String id) {
    return Optional.ofNullable(records.get(id));
  }

  public Optional<FeedbackRecord> recordByExternalId(String externalId) {
    return Optional.ofNullable(idsByExternalId.get(externalId)).map(records::get);
  }

  public void add(FeedbackRecord... added) {
    addAll(Arrays.asList(added));
  }

  /** Adds all of the records or, if one breaks a rule, none. */
  public void addAll(Collection<FeedbackRecord> added) {
    apply(added.stream().<Change>map(Change.RecordAdded::new).toList());
  }

  /** Takes a person's response, in the place of an earlier one of theirs. */
  public void respond(String recordId, Response response) {
    apply(List.of(new Change.ResponseGiven(recordId, response)));
  }

  /** Takes a suggestion, in the place of an earlier one for the same question. */
  public void suggest(String recordId, Suggestion suggestion) {
    apply(List.of(new Change.SuggestionGiven(recordId, suggestion)));
  }

  public void delete(String recordId) {
    apply(List.of(new Change.RecordDeleted(recordId)));
  }

  /** Makes several changes in one go: all of them or, if one breaks a rule, none. */
  public void apply(List<Change> changes) {
    Problems problems = Problems.none();
    Map<String, Optional<FeedbackRecord>> outcome = new LinkedHashMap<>();
    Map<String, String> externalIds = new HashMap<>();
    for (int index = 0; index < changes.size(); index++) {
      Change change = changes.get(index);
      FeedbackRecord before =
          outcome
              .getOrDefault(change.recordId(), Optional.ofNullable(records.get(change.recordId())))
              .orElse(null);
      Problems here = problems.at(place(index, change, before));
      if (change instanceof Change.RecordAdded added) {
        checkNew(added.record(), before, externalIds, here);
        outcome.put(change.recordId(), Optional.of(added.record()));
      } else if (before == null) {
        here.add(
            "id", "must be that of a record of the dataset", change.recordId(), "Add it first.");
      } else if (change instanceof Change.ResponseGiven given) {
        rules.check(given.response(), before, here);
        outcome.put(
            before.id(), Optional.of(before.toBuilder().replaceResponse(given.response()).build()));
      } else if (change instanceof Change.SuggestionGiven given) {
        rules.check(given.suggestion(), before, here);
        outcome.put(
            before.id(),
            Optional.of(before.toBuilder().replaceSuggestion(given.suggestion()).build()));
      } else {
        outcome.put(before.id(), Optional.empty());
      }
    }
    problems.throwIfAny("the feedback");

    log.append(changes);
    outcome.forEach(this::put);
  }

  private void checkNew(
      FeedbackRecord added,
      @Nullable FeedbackRecord before,
      Map<String, String> externalIds,
      Problems problems) {
    if (before != null) {
      problems.add("id", "must be unique in the dataset", added.id(), "Leave the id out.");
    }
    String externalId = added.externalId();
    if (externalId != null
        && (idsByExternalId.containsKey(externalId)
            || externalIds.put(externalId, added.id()) != null)) {
      problems.add(
          "external id",
          "must be unique in the dataset",
          externalId,
          "Delete the earlier record, or add responses to it.");
    }
    rules.check(added, problems);
  }

  private static String place(int index, Change change, @Nullable FeedbackRecord before) {
    FeedbackRecord record = change instanceof Change.RecordAdded added ? added.record() : before;
    String externalId = record == null ? null : record.externalId();
    String name = change instanceof Change.RecordAdded ? "record " + index : "change " + index;
    if (externalId != null) {
      return name + " (external id \"" + externalId + "\")";
    }
    return change instanceof Change.RecordAdded ? name : name + " (id " + change.recordId() + ")";
  }

  private void put(String id, Optional<FeedbackRecord> outcome) {
    FeedbackRecord before =
        outcome.isPresent() ? records.put(id, outcome.get()) : records.remove(id);
    if (before != null && before.externalId() != null) {
      idsByExternalId.remove(before.externalId());
    }
    outcome
        .map(FeedbackRecord::externalId)
        .ifPresent(externalId -> idsByExternalId.put(externalId, id));
  }

  /** Replaces the settings, provided that every record keeps to the new ones. */
  public void changeSettings(FeedbackSettings newSettings) {
    RecordRules newRules = new RecordRules(newSettings);
    Problems problems = Problems.none();
    int index = 0;
    for (FeedbackRecord record : records.values()) {
      newRules.check(record, problems.at(place(index++, new Change.RecordAdded(record), null)));
    }
    problems.throwIfAny("the records under the new settings");
    log.replaceSettings(newSettings);
    settings = newSettings;
    rules = newRules;
  }

  /**
   * Makes one answer out of those of several people, for every record with submitted answers, and
   * keeps it on the record until the record is answered anew.
   *
   * @throws IllegalArgumentException if there is no such question, or the strategy is not for it
   */
  public void unify(String questionName, UnificationStrategy strategy) {
    Question question = settings.question(questionName);
    if (!UnificationStrategy.forQuestion(question).contains(strategy)) {
      throw UnificationStrategy.unsuitable(question, strategy.key());
    }
    AnnotatorWeights weights = AnnotatorWeights.of(questionName, records.values());
    records.replaceAll(
        (id, record) -> {
          List<Object> answers = record.answers(questionName).toList();
          if (answers.isEmpty()) {
            return record;
          }
          List<UnifiedAnswer> unified =
              strategy.unify(question, answers, weights.of(record)).stream()
                  .map(answer -> new UnifiedAnswer(answer, strategy.key()))
                  .toList();
          return record.toBuilder().unified(questionName, unified).build();
        });
  }

  /**
   * How far people agree in their submitted answers to a question.
   *
   * @throws IllegalArgumentException if there is no such question, or no agreement for its kind
   */
  public Agreement agreement(String questionName) {
    return Agreement.of(settings.question(questionName), records());
  }

  /** The same as {@link #unify}, under the name that Argilla gives it. */
  public void computeUnifiedResponses(String questionName, UnificationStrategy strategy) {
    unify(questionName, strategy);
  }

  /** The same as {@link #agreement}, under the name that Argilla gives it. */
  public Agreement computeAgreementMetrics(String questionName) {
    return agreement(questionName);
  }

  /**
   * How close the suggestions for a question come to each person's submitted answers.
   *
   * @return from user to metrics, in the order of the names; "" stands for nobody known; only those
   *     who answered about a record that has a suggestion
   * @throws IllegalArgumentException if there is no such question, or no metrics for its kind
   */
  public Map<String, ModelMetrics> computeModelMetrics(String questionName) {
    return ModelMetrics.byUser(settings.question(questionName), records());
  }

  /**
   * How close the suggestions for a question come to the unified answers.
   *
   * @throws IllegalArgumentException if there is no such question, no metrics for its kind, or
   *     nothing to compare
   */
  public ModelMetrics computeModelMetrics(String questionName, UnificationStrategy strategy) {
    FeedbackDataset unified = copy(records.values().stream());
    unified.unify(questionName, strategy);
    return ModelMetrics.of(
        settings.question(questionName),
        unified.records(),
        record -> record.unifiedValue(questionName));
  }

  /** The records as a table, which can be written as Parquet, CSV or JSONL. */
  public Dataset formatAs(TableLayout layout) {
    return layout.rows(settings, records.values());
  }

  /** All records as rows for training. */
  public TrainingRows prepareForTraining(TrainingTask task) {
    return prepareForTraining(task, 0, 0);
  }

  /**
   * The records as rows for training, and a random part of them as rows for testing. All rows of a
   * record, or of a chat, go to the same side.
   *
   * @param testShare from 0 to less than 1
   * @param seed the same seed gives the same parts
   */
  public TrainingRows prepareForTraining(TrainingTask task, double testShare, long seed) {
    return TrainingRows.of(task, settings, records(), testShare, seed);
  }

  /** Collects the settings of a dataset. */
  public static final class Builder {

    private @Nullable String guidelines;
    private final List<Field> fields = new ArrayList<>();
    private final List<Question> questions = new ArrayList<>();
    private final List<MetadataProperty> metadataProperties = new ArrayList<>();
    private final List<VectorSettings> vectors = new ArrayList<>();
    private boolean allowExtraMetadata = true;

    private Builder() {}

    public Builder guidelines(@Nullable String value) {
      guidelines = value;
      return this;
    }

    public Builder field(Field field) {
      fields.add(field);
      return this;
    }

    public Builder question(Question question) {
      questions.add(question);
      return this;
    }

    public Builder metadataProperty(MetadataProperty property) {
      metadataProperties.add(property);
      return this;
    }

    public Builder vector(VectorSettings vector) {
      vectors.add(vector);
      return this;
    }

    public Builder allowExtraMetadata(boolean value) {
      allowExtraMetadata = value;
      return this;
    }

    /** The settings alone, for a dataset that is kept elsewhere. */
    public FeedbackSettings settings() {
      return new FeedbackSettings(
          guidelines, fields, questions, metadataProperties, vectors, allowExtraMetadata);
    }

    public FeedbackDataset build() {
      return FeedbackDataset.of(settings());
    }
  }
}
