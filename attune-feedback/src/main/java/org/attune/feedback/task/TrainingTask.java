package org.attune.feedback.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.attune.data.InvalidInputException;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.unify.RankingStrategy;
import org.attune.feedback.unify.UnificationStrategy;
import org.attune.feedback.validation.Problems;

/**
 * Turns records into rows for a kind of training.
 *
 * <p>Each kind takes a function from a record to any number of items: {@code Stream.of(item)} for
 * one, {@code Stream.empty()} to leave the record out. The forms without a function fit datasets
 * made from the template of the same name.
 */
public final class TrainingTask {

  private static final String PROMPT = "prompt";
  private static final String CONTEXT = "context";
  private static final String RESPONSE = "response";
  private static final String PREFERENCE = "preference";

  /** From all records to groups of rows that belong together. */
  private interface Formatter {
    List<List<Map<String, Object>>> format(
        FeedbackSettings settings, List<FeedbackRecord> records, Problems problems);
  }

  private final String name;
  private final Formatter formatter;

  private TrainingTask(String name, Formatter formatter) {
    this.name = name;
    this.formatter = formatter;
  }

  /** The task as people write it, such as {@code reward modeling}. */
  public String name() {
    return name;
  }

  /** Pre-training on the texts of a field. Column: {@code text}. */
  public static TrainingTask textGeneration(String field) {
    return eachRecord(
            "text generation",
            record -> record.optionalText(field).stream(),
            (text, row) -> row.put("text", text))
        .needing(settings -> needField(settings, field));
  }

  /** Column: {@code text}. */
  public static TrainingTask supervisedFineTuning(Function<FeedbackRecord, Stream<String>> rows) {
    return eachRecord("supervised fine-tuning", rows, (text, row) -> row.put("text", text));
  }

  /**
   * Prompt, context if any, and every submitted response, under the headings {@code ###
   * Instruction}, {@code ### Context} and {@code ### Response}.
   */
  public static TrainingTask supervisedFineTuning() {
    return supervisedFineTuning(
            record ->
                record
                    .textAnswers(RESPONSE)
                    .map(
                        response ->
                            "### Instruction:\n"
                                + record.text(PROMPT)
                                + record
                                    .optionalText(CONTEXT)
                                    .map(context -> "\n\n### Context:\n" + context)
                                    .orElse("")
                                + "\n\n### Response:\n"
                                + response))
        .needing(TrainingTask::needPromptAndResponse);
  }

  /** Supervised fine-tuning with separate parts. Columns: {@code prompt, completion}. */
  public static TrainingTask promptCompletion(
      Function<FeedbackRecord, Stream<PromptCompletion>> items) {
    return eachRecord(
        "prompt and completion",
        items,
        (item, row) -> {
          row.put("prompt", item.prompt());
          row.put("completion", item.completion());
        });
  }

  /** The prompt, after the context if any, and every submitted response. */
  public static TrainingTask promptCompletion() {
    return promptCompletion(
            record ->
                record
                    .textAnswers(RESPONSE)
                    .map(response -> new PromptCompletion(promptWithContext(record), response)))
        .needing(TrainingTask::needPromptAndResponse);
  }

  /** Columns: {@code chosen, rejected}, and {@code prompt} and {@code margin} where given. */
  public static TrainingTask rewardModeling(Function<FeedbackRecord, Stream<Preference>> pairs) {
    return preferences("reward modeling", pairs);
  }

  /**
   * Every pair of responses that the unified ranking does not tie; majority unless {@code
   * preference} was unified otherwise.
   */
  public static TrainingTask rewardModeling() {
    return rankedPairs("reward modeling");
  }

  /** Columns: {@code prompt, chosen, rejected}, and {@code margin} where given. */
  public static TrainingTask directPreferenceOptimization(
      Function<FeedbackRecord, Stream<Preference>> pairs) {
    return preferences("direct preference optimization", pairs);
  }

  /** The pairs of {@link #rewardModeling()}. */
  public static TrainingTask directPreferenceOptimization() {
    return rankedPairs("direct preference optimization");
  }

  /** Column: {@code prompt}. */
  public static TrainingTask proximalPolicyOptimization(
      Function<FeedbackRecord, Stream<String>> rows) {
    return eachRecord(
        "proximal policy optimization", rows, (prompt, row) -> row.put("prompt", prompt));
  }

  /** The prompt of every record, after the context if any. */
  public static TrainingTask proximalPolicyOptimization() {
    return proximalPolicyOptimization(record -> Stream.of(promptWithContext(record)))
        .needing(settings -> needField(settings, PROMPT));
  }

  /**
   * Column: {@code messages}, each with {@code role} and {@code content}. Turns of one chat may
   * come from several records; they are sorted by turn, chats by first appearance.
   */
  public static TrainingTask chatCompletion(Function<FeedbackRecord, Stream<ChatTurn>> turns) {
    return new TrainingTask(
        "chat completion",
        (settings, records, problems) -> {
          Map<String, List<ChatTurn>> chats = new LinkedHashMap<>();
          for (FeedbackRecord record : records) {
            turns
                .apply(record)
                .forEach(
                    turn ->
                        chats.computeIfAbsent(turn.chatId(), id -> new ArrayList<>()).add(turn));
          }
          return chats.values().stream().map(TrainingTask::messages).toList();
        });
  }

  private static List<Map<String, Object>> messages(List<ChatTurn> chat) {
    List<Map<String, Object>> messages = new ArrayList<>();
    chat.stream()
        .sorted(Comparator.comparingInt(ChatTurn::turn))
        .forEach(
            turn -> {
              Map<String, Object> message = new LinkedHashMap<>();
              message.put("role", turn.role());
              message.put("content", turn.content());
              messages.add(message);
            });
    return List.of(Map.of("messages", messages));
  }

  /**
   * For every submitted response a chat of the prompt, after the context if any, and the response.
   */
  public static TrainingTask chatCompletion() {
    return chatCompletion(
            record -> {
              List<String> responses = record.textAnswers(RESPONSE).toList();
              List<ChatTurn> turns = new ArrayList<>();
              for (int i = 0; i < responses.size(); i++) {
                String chat = record.id() + "/" + i;
                turns.add(new ChatTurn(chat, 0, "user", promptWithContext(record)));
                turns.add(new ChatTurn(chat, 1, "assistant", responses.get(i)));
              }
              return turns.stream();
            })
        .needing(TrainingTask::needPromptAndResponse);
  }

  /** Columns: {@code text, label}. */
  public static TrainingTask textClassification(
      Function<FeedbackRecord, Stream<LabelledText>> items) {
    return eachRecord(
        "text classification",
        items,
        (item, row) -> {
          row.put("text", item.text());
          row.put("label", item.label());
        });
  }

  /** The text of a field with the unified answer to a label question. */
  public static TrainingTask textClassification(
      String field, String labelQuestion, UnificationStrategy strategy) {
    return new TrainingTask(
            "text classification",
            (settings, records, problems) -> {
              Question question = settings.question(labelQuestion);
              if (!UnificationStrategy.forQuestion(question).contains(strategy)) {
                throw UnificationStrategy.unsuitable(question, strategy.key());
              }
              return textClassification(record -> labelled(record, field, question, strategy))
                  .formatter
                  .format(settings, records, problems);
            })
        .needing(
            settings -> {
              needField(settings, field);
              needQuestion(
                  settings.question(labelQuestion), LabelQuestion.class, MultiLabelQuestion.class);
            });
  }

  private static Stream<LabelledText> labelled(
      FeedbackRecord record, String field, Question question, UnificationStrategy strategy) {
    List<Object> answers = record.answers(question.name()).toList();
    if (answers.isEmpty() || record.optionalText(field).isEmpty()) {
      return Stream.empty();
    }
    return strategy.unify(question, answers).stream()
        .map(label -> new LabelledText(record.text(field), label));
  }

  /**
   * Columns: {@code question, context, answer}, the last with {@code text} and {@code
   * answer_start}, lists of one. Answers that are no part of their context are left out.
   */
  public static TrainingTask questionAnswering(
      Function<FeedbackRecord, Stream<AnsweredQuestion>> items) {
    return eachRecord(
        "question answering",
        record -> items.apply(record).filter(AnsweredQuestion::isInContext),
        (item, row) -> {
          row.put("question", item.question());
          row.put("context", item.context());
          Map<String, Object> answer = new LinkedHashMap<>();
          answer.put("text", List.of(item.answer()));
          answer.put("answer_start", List.of(item.start()));
          row.put("answer", answer);
        });
  }

  /** The texts of two fields with every submitted answer to a text question. */
  public static TrainingTask questionAnswering(
      String questionField, String contextField, String answerQuestion) {
    return questionAnswering(
            record ->
                record.optionalText(questionField).isPresent()
                        && record.optionalText(contextField).isPresent()
                    ? record
                        .textAnswers(answerQuestion)
                        .map(
                            answer ->
                                new AnsweredQuestion(
                                    record.text(questionField), record.text(contextField), answer))
                    : Stream.empty())
        .needing(
            settings -> {
              needField(settings, questionField);
              needField(settings, contextField);
              needQuestion(settings.question(answerQuestion), TextQuestion.class);
            });
  }

  /** Columns: {@code sentence-1, sentence-2}, and {@code sentence-3} and {@code label} if given. */
  public static TrainingTask sentenceSimilarity(
      Function<FeedbackRecord, Stream<SimilarSentences>> items) {
    return eachRecord(
        "sentence similarity",
        items,
        (item, row) -> {
          for (int index = 0; index < item.sentences().size(); index++) {
            row.put("sentence-" + (index + 1), item.sentences().get(index));
          }
          if (item.label() != null) {
            row.put("label", item.label());
          }
        });
  }

  /** Rows in groups that must not be torn apart by a split. */
  List<List<Map<String, Object>>> groups(FeedbackSettings settings, List<FeedbackRecord> records) {
    Problems problems = Problems.none();
    List<List<Map<String, Object>>> groups = formatter.format(settings, records, problems);
    problems.throwIfAny("the rows for " + name);
    return groups;
  }

  private TrainingTask needing(Consumer<FeedbackSettings> requirement) {
    return new TrainingTask(
        name,
        (settings, records, problems) -> {
          requirement.accept(settings);
          return formatter.format(settings, records, problems);
        });
  }

  private static <T> TrainingTask eachRecord(
      String name,
      Function<FeedbackRecord, Stream<T>> items,
      BiConsumer<T, Map<String, Object>> columns) {
    return new TrainingTask(
        name,
        (settings, records, problems) ->
            records.stream()
                .map(
                    record ->
                        items
                            .apply(record)
                            .map(
                                item -> {
                                  Map<String, Object> row = new LinkedHashMap<>();
                                  columns.accept(item, row);
                                  return row;
                                })
                            .toList())
                .toList());
  }

  private static TrainingTask preferences(
      String name, Function<FeedbackRecord, Stream<Preference>> pairs) {
    Formatter rows =
        eachRecord(
                name,
                pairs,
                (Preference pair, Map<String, Object> row) -> {
                  if (pair.prompt() != null) {
                    row.put("prompt", pair.prompt());
                  }
                  row.put("chosen", pair.chosen());
                  row.put("rejected", pair.rejected());
                  if (pair.margin() != null) {
                    row.put("margin", pair.margin());
                  }
                })
            .formatter;
    return new TrainingTask(
        name,
        (settings, records, problems) -> {
          List<List<Map<String, Object>>> groups = rows.format(settings, records, problems);
          for (int index = 0; index < groups.size(); index++) {
            checkPairs(index, records.get(index), groups.get(index), problems);
          }
          return groups;
        });
  }

  private static void checkPairs(
      int index, FeedbackRecord record, List<Map<String, Object>> rows, Problems problems) {
    String externalId = record.externalId();
    String name = externalId == null ? "id " + record.id() : "external id \"" + externalId + "\"";
    for (Map<String, Object> row : rows) {
      if (String.valueOf(row.get("chosen")).equals(row.get("rejected"))) {
        problems
            .at("record " + index + " (" + name + ")")
            .add(
                "chosen and rejected",
                "must be two different texts",
                row.get("chosen"),
                "Return Stream.empty() for a record without a preference.");
      }
    }
  }

  private static TrainingTask rankedPairs(String name) {
    TrainingTask task =
        new TrainingTask(
            name,
            (settings, records, problems) -> {
              Question question = settings.question(PREFERENCE);
              return preferences(name, record -> rankedPairs(record, question))
                  .formatter
                  .format(settings, records, problems);
            });
    return task.needing(
        settings -> {
          needField(settings, PROMPT);
          needQuestion(settings.question(PREFERENCE), RankingQuestion.class);
        });
  }

  private static Stream<Preference> rankedPairs(FeedbackRecord record, Question question) {
    List<RankedOption> ranking = ranking(record, question);
    List<Preference> pairs = new ArrayList<>();
    for (RankedOption better : ranking) {
      for (RankedOption worse : ranking) {
        String chosen = record.optionalText(better.value()).orElse(null);
        String rejected = record.optionalText(worse.value()).orElse(null);
        if (rankOf(better) < rankOf(worse)
            && chosen != null
            && rejected != null
            && !chosen.equals(rejected)) {
          pairs.add(Preference.of(promptWithContext(record), chosen, rejected));
        }
      }
    }
    return pairs.stream();
  }

  private static List<RankedOption> ranking(FeedbackRecord record, Question question) {
    List<Object> answers = record.answers(question.name()).toList();
    if (answers.isEmpty()) {
      return List.of();
    }
    Object ranking =
        record
            .unifiedValue(question.name())
            .orElseGet(() -> RankingStrategy.MAJORITY.unify(question, answers).get(0));
    return ((List<?>) ranking).stream().map(RankedOption.class::cast).toList();
  }

  private static int rankOf(RankedOption option) {
    Integer rank = option.rank();
    return rank == null ? Integer.MAX_VALUE : rank;
  }

  private static String promptWithContext(FeedbackRecord record) {
    return record.optionalText(CONTEXT).map(context -> context + "\n\n").orElse("")
        + record.text(PROMPT);
  }

  private static void needPromptAndResponse(FeedbackSettings settings) {
    needField(settings, PROMPT);
    needQuestion(settings.question(RESPONSE), TextQuestion.class);
  }

  private static void needField(FeedbackSettings settings, String field) {
    if (!settings.fieldsByName().containsKey(field)) {
      throw new InvalidInputException(
          "The dataset has no field \"%s\". Its fields are %s; give the task a function that uses them."
              .formatted(field, settings.fieldsByName().keySet()));
    }
  }

  private static void needQuestion(Question question, Class<?>... kinds) {
    if (Stream.of(kinds).noneMatch(kind -> kind.isInstance(question))) {
      throw new InvalidInputException(
          "The question \"%s\" is of the kind %s, which this task cannot use; give the task a function."
              .formatted(question.name(), question.type()));
    }
  }
}
