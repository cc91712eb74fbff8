package org.attune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.data.Dataset;
import org.attune.data.Row;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.client.FeedbackClient;
import org.attune.feedback.client.RemoteDataset;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.store.FileStore;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.pipeline.TextClassifier;
import org.attune.run.folder.Event;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.LoggedEvent;
import org.attune.run.folder.RunFolder;
import org.attune.server.AttuneServer;
import org.attune.server.ServerOptions;
import org.attune.server.account.FirstStart;
import org.attune.testkit.Bundled;
import org.attune.testkit.Goldens;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ExamplesTest {
  @TempDir Path out;

  @Test
  void a_feedback_dataset_is_read_back_as_it_was_answered() {
    FeedbackDataset feedback = CreateFeedbackDataset.run(out.resolve("feedback"));

    assertThat(feedback.settings().guidelines()).contains("correct the instruction");
    assertThat(feedback.records())
        .extracting(record -> record.text("original-response"))
        .containsExactly("In 2000.", "Apples");
    FeedbackRecord paella = feedback.records().get(1);
    assertThat(paella.textAnswers("new-response"))
        .containsExactly("The base ingredient of paella is rice.");
    assertThat(paella.responses()).hasSize(2);
  }

  @Test
  void what_people_answer_on_a_server_becomes_rows() {
    String key = "owner.apikey";
    try (AttuneServer server =
        AttuneServer.start(
            new ServerOptions(
                "127.0.0.1",
                0,
                out.resolve("server"),
                null,
                new FirstStart.Owner("owner", "owner's password", key)))) {
      FeedbackClient client = FeedbackClient.connect(URI.create(server.address()), key);
      client.createWorkspace("team");

      Dataset rows = AnnotateOnServer.run(client, "curated", "team");

      assertThat(rows.toList())
          .extracting(row -> row.text("text"))
          .containsExactly(
              """
              ### Instruction: What is the base ingredient of paella?
              ### Response: The base ingredient of paella is rice.""");
      RemoteDataset remote = client.dataset("curated", client.workspace("team"));
      assertThat(remote.size()).isEqualTo(3);
      assertThat(remote.records().flatMap(record -> record.suggestions().stream())).hasSize(3);
    }
  }

  @Test
  void answers_become_a_csv_file_with_a_row_for_each_answered_record() {
    FeedbackDataset feedback = CreateFeedbackDataset.run(out.resolve("feedback"));
    feedback.add(
        FeedbackRecord.builder()
            .field("original-instruction", "Nobody answered this.")
            .field("original-response", "Nobody.")
            .build());
    Path csv = out.resolve("rows.csv");

    CollectSftData.run(feedback, csv);

    Dataset read = Dataset.read(csv);
    assertThat(read.columnNames()).containsExactly("instruction", "context", "response");
    assertThat(read.toList())
        .extracting(row -> row.text("response"))
        .containsExactly(
            "Virgin Australia commenced services on 31 August 2000 as Virgin Blue.",
            "The base ingredient of paella is rice.");
  }

  @Test
  void the_template_is_the_guides() {
    Row row =
        Dataset.fromRows(
                List.of(Map.of("instruction", "Add 1 and 2.", "context", "Sums", "response", "3")))
            .toList()
            .get(0);

    assertThat(FineTuneWithTemplate.format(row))
        .isEqualTo("### Instruction: Add 1 and 2.\n### Context: Sums\n### Response: 3");
    assertThat(FineTunePromptCompletion.sample(row))
        .containsEntry("prompt", "### Instruction: Add 1 and 2. ### Context: Sums")
        .containsEntry("completion", " ### Response: 3");
  }

  @Test
  void fine_tuning_with_a_template_lowers_the_loss_and_saves_a_model() {
    Path model =
        FineTuneWithTemplate.run(instructions(), Bundled.stories260k(), out.resolve("run"), 20);

    assertThatLossFell(out.resolve("run"));
    assertThatLoads(model, Head.CAUSAL);
  }

  @Test
  void fine_tuning_on_completions_lowers_the_loss_and_saves_a_model() {
    Path model =
        FineTunePromptCompletion.run(instructions(), Bundled.stories260k(), out.resolve("run"), 20);

    assertThatLossFell(out.resolve("run"));
    assertThatLoads(model, Head.CAUSAL);
  }

  @Test
  void a_reward_model_prefers_what_annotators_wrote() {
    Dataset pairs = pairs();

    Path model =
        TrainRewardModel.run(
            TrainRewardModel.texts(pairs), Bundled.stories260k(), out.resolve("run"), 60);

    assertThatLossFell(out.resolve("run"));
    List<Row> some = TrainRewardModel.texts(pairs).head(100);
    List<String> prompts = some.stream().map(row -> row.text("prompt")).toList();
    try (TextClassifier classifier = TextClassifier.load(model)) {
      double[] better =
          classifier.scores(prompts, some.stream().map(row -> row.text("chosen")).toList());
      double[] poorer =
          classifier.scores(prompts, some.stream().map(row -> row.text("rejected")).toList());
      assertThat(IntStream.range(0, some.size()).filter(i -> better[i] > poorer[i]).count())
          .isGreaterThan(70);
    }
  }

  @Test
  void tokenized_pairs_train_the_same_reward_model_as_texts() {
    Dataset pairs = pairs().take(64);
    Path base = Bundled.stories260k();

    TrainRewardModel.run(TrainRewardModel.texts(pairs), base, out.resolve("texts"), 2);
    TrainRewardModel.run(TrainRewardModel.tokens(pairs, base), base, out.resolve("tokens"), 2);

    assertThat(losses(out.resolve("tokens"))).isNotEmpty().isEqualTo(losses(out.resolve("texts")));
  }

  @Test
  void ppo_learns_from_the_reward_models_scores_and_saves_the_policy() {
    Path base = Bundled.stories260k();
    Path reward =
        TrainRewardModel.run(TrainRewardModel.texts(pairs()), base, out.resolve("reward"), 10);

    Path policy = TunePolicyWithPpo.run(instructions(), base, reward, out.resolve("ppo"), 2);

    List<LoggedEvent> events = RunFolder.open(out.resolve("ppo")).events();
    Map<Integer, Map<String, Double>> metrics = EventLog.metrics(events);
    assertThat(metrics.keySet()).containsExactly(1, 2);
    assertThat(metrics.values())
        .allSatisfy(
            step -> assertThat(step.get("env/reward_mean")).isNotNull().isFinite().isNotZero());
    assertThat(events)
        .extracting(LoggedEvent::event)
        .filteredOn(Event.Sample.class::isInstance)
        .isNotEmpty();
    assertThatLoads(policy, Head.CAUSAL);
  }

  @Test
  void pre_training_starts_at_chance_and_lowers_the_loss() throws IOException {
    ExampleFolders folders = new ExampleFolders(Bundled.path(""), out);
    Dataset texts = PreTrain.texts(folders);
    assertThat(texts.head(1).get(0).text("text"))
        .isEqualTo("The base ingredient of paella is rice.");

    Path model = PreTrain.run(texts, folders.model(), out, 30);

    // from the natural logarithm of the 512 tokens, 6.24, down
    assertThat(losses(out.resolve("run")).get(0)).isBetween(4.0, 6.4);
    assertThatLossFell(out.resolve("run"));
    assertThatLoads(model, Head.CAUSAL);
  }

  @Test
  void texts_are_classified() {
    Path model = Goldens.open("bert-classifier").tensors().resolveSibling("model");

    assertThat(ClassifyTexts.run(model, List.of("A dog!", "The cat sat on the mat.")))
        .allSatisfy(result -> assertThat(result.scores()).containsOnlyKeys("bad", "good", "odd"));
  }

  @Test
  void the_closest_text_is_the_same_one() {
    Path model = Goldens.open("bert-masked").tensors().resolveSibling("model");

    assertThat(CompareTexts.closest(model, "A dog!", List.of("The cat sat.", "A dog!", "No.")))
        .isEqualTo("A dog!");
  }

  @Test
  void a_gap_is_filled() {
    Path model = Goldens.open("bert-masked").tensors().resolveSibling("model");

    assertThat(FillMask.run(model, "The [MASK] sat on the mat.", 3)).hasSize(3);
  }

  @Test
  void texts_are_continued() {
    assertThat(GenerateTexts.run(Bundled.stories260k(), List.of("The cat", "A dog"), 5))
        .allSatisfy(text -> assertThat(text.completion()).isNotBlank());
  }

  @Test
  void a_missing_model_folder_is_asked_for() {
    assertThatThrownBy(() -> FillMask.main(new String[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("encoder", "config.json");
  }

  @Test
  void an_example_writes_where_its_first_argument_says() {
    Path folder = out.resolve("elsewhere");

    CreateFeedbackDataset.main(new String[] {folder.toString()});

    assertThat(FileStore.read(folder).size()).isEqualTo(2);
  }

  private static Dataset instructions() {
    ExampleFolders folders = new ExampleFolders(Bundled.path(""), Path.of(""));
    return CollectSftData.collect(CuratedInstructions.read(folders));
  }

  private static Dataset pairs() {
    ExampleFolders folders = new ExampleFolders(Bundled.path(""), Path.of(""));
    return TrainRewardModel.collect(CuratedInstructions.read(folders));
  }

  private static List<Double> losses(Path run) {
    return EventLog.metrics(RunFolder.open(run).events()).values().stream()
        .filter(metrics -> metrics.containsKey("loss"))
        .map(metrics -> metrics.get("loss"))
        .toList();
  }

  private static void assertThatLossFell(Path run) {
    List<Double> losses = losses(run);
    assertThat(losses).hasSizeGreaterThan(1);
    assertThat(losses.get(losses.size() - 1)).isLessThan(losses.get(0));
  }

  private static void assertThatLoads(Path directory, Head head) {
    try (LanguageModel model = LanguageModel.load(directory)) {
      assertThat(model.head()).isEqualTo(head);
      assertThat(model.tokenizer().encode("Once upon a time")).isNotEmpty();
    }
  }
}
