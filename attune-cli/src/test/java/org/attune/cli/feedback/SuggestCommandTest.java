package org.attune.cli.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attune.cli.Attune;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.client.FeedbackClient;
import org.attune.feedback.client.RemoteDataset;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.pipeline.TextClassifier;
import org.attune.server.AttuneServer;
import org.attune.server.ServerOptions;
import org.attune.server.account.FirstStart;
import org.attune.testkit.Bundled;
import org.attune.testkit.NoTensorLeaks;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoTensorLeaks.class)
class SuggestCommandTest {
  private static final String KEY = "owner.apikey";
  private static final int RECORDS = 12;

  @TempDir private Path folder;
  private AttuneServer server;
  private RemoteDataset dataset;
  private Path reward;

  @BeforeEach
  void start() throws IOException {
    server =
        AttuneServer.start(
            new ServerOptions(
                "127.0.0.1",
                0,
                folder.resolve("data"),
                null,
                new FirstStart.Owner("owner", "owner's password", KEY)));
    reward = Files.createDirectory(folder.resolve("politeness"));
    try (LanguageModel model = LanguageModel.load(Bundled.stories260k(), Head.SCORE, 7)) {
      model.save(reward);
    }
    FeedbackDataset records =
        FeedbackDataset.builder()
            .field(TextField.of("prompt"))
            .field(TextField.of("one"))
            .field(TextField.of("two").optional())
            .question(RankingQuestion.of("better", "one", "two").optional())
            .question(LabelQuestion.of("best", "one", "two").optional())
            .question(RatingQuestion.of("mood", 1, 5).optional())
            .question(LabelQuestion.of("odd", "yes", "no").optional())
            .question(TextQuestion.of("why"))
            .build();
    for (int i = 0; i < RECORDS; i++) {
      records.add(
          FeedbackRecord.builder()
              .externalId("r" + i)
              .field("prompt", "Story " + i + ":")
              .field("one", "She was happy. ".repeat(i + 1))
              .field("two", "He cried 👩‍🚀 " + i)
              .build());
    }
    FeedbackClient client = client();
    dataset = records.pushToArgilla(client, "stories", "default");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private FeedbackClient client() {
    return FeedbackClient.connect(URI.create(server.address()), KEY);
  }

  private Attune suggest(String question, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("feedback", "suggest", "--server", server.address(), "--api-key", KEY));
    words.addAll(List.of("--dataset", "stories", "--question", question, "--run", reward));
    words.addAll(List.of(more));
    return Attune.run(words.toArray());
  }

  private List<Suggestion> suggestions(String question) {
    return dataset
        .records()
        .flatMap(record -> record.suggestions().stream())
        .filter(suggestion -> suggestion.question().equals(question))
        .toList();
  }

  private double[] rewards(String field) {
    List<FeedbackRecord> records = dataset.records().toList();
    try (TextClassifier classifier = TextClassifier.load(reward)) {
      return classifier.scores(
          records.stream().map(record -> record.text("prompt")).toList(),
          records.stream().map(record -> record.text(field)).toList());
    }
  }

  @Test
  void a_reward_model_ranks_responses_and_says_how_sure_it_is() {
    Attune run = suggest("better");

    assertThat(run.exitCode()).as(run.errors()).isZero();
    assertThat(run.errors()).contains("12 suggestions by politeness");
    double[] one = rewards("one");
    double[] two = rewards("two");
    List<Suggestion> made = suggestions("better");
    assertThat(made).hasSize(RECORDS);
    for (int i = 0; i < RECORDS; i++) {
      boolean isFirst = one[i] > two[i];
      assertThat(made.get(i).value())
          .isEqualTo(
              isFirst
                  ? RankedOption.bestFirst("one", "two")
                  : RankedOption.bestFirst("two", "one"));
      double share = 1 / (1 + Math.exp(-Math.abs(one[i] - two[i])));
      Tolerance.LOGITS.check("score", made.get(i).scores().get(0), share);
      assertThat(made.get(i).agent()).isEqualTo("politeness");
    }
  }

  @Test
  void a_label_question_whose_options_are_fields_gets_the_better_one() {
    assertThat(suggest("best", "--agent", "judge/1").exitCode()).isZero();

    double[] one = rewards("one");
    double[] two = rewards("two");
    assertThat(suggestions("best"))
        .extracting(Suggestion::value)
        .containsExactlyElementsOf(
            IntStream.range(0, RECORDS).mapToObj(i -> one[i] > two[i] ? "one" : "two").toList());
    assertThat(suggestions("best"))
        .allSatisfy(each -> assertThat(each.agent()).isEqualTo("judge/1"));
  }

  @Test
  void ratings_follow_the_scale_of_people() {
    double[] rewards = rewards("one");
    double middle = Arrays.stream(rewards).sorted().toArray()[RECORDS / 2];
    List<FeedbackRecord> records = dataset.records().toList();
    for (int i = 0; i < RECORDS; i++) {
      dataset.respond(
          records.get(i).id(),
          Response.submitted(null, Map.of("why", "So.", "mood", rewards[i] < middle ? 1 : 5)));
    }

    Attune run = suggest("mood");

    assertThat(run.exitCode()).as(run.errors()).isZero();
    List<Suggestion> made = suggestions("mood");
    for (int i = 0; i < RECORDS; i++) {
      for (int j = 0; j < RECORDS; j++) {
        if (rewards[i] > rewards[j]) {
          assertThat((Integer) made.get(i).value())
              .isGreaterThanOrEqualTo((Integer) made.get(j).value());
        }
      }
    }
    assertThat(made).hasSize(RECORDS);
    assertThat(made.stream().map(Suggestion::value).distinct()).hasSizeGreaterThan(1);
  }

  @Test
  void what_is_suggested_already_and_what_is_answered_are_left_alone() {
    String answered = dataset.records().toList().get(0).id();
    dataset.respond(
        answered,
        Response.submitted(
            null, Map.of("why", "So.", "better", RankedOption.bestFirst("two", "one"))));

    assertThat(suggest("better", "--limit", 5, "--only-unanswered").errors())
        .contains("5 suggestions");
    assertThat(suggest("better", "--only-unanswered").errors()).contains("6 suggestions");
    assertThat(suggest("better", "--only-unanswered").errors()).contains("0 suggestions");

    assertThat(dataset.record(answered).suggestions()).isEmpty();
    assertThat(dataset.record(answered).responses()).hasSize(1);
  }

  @Test
  void texts_that_the_model_cannot_read_are_counted_and_left_out() {
    dataset.addRecords(
        FeedbackRecord.builder()
            .externalId("long")
            .field("prompt", "p")
            .field("one", "word ".repeat(5_000))
            .field("two", "b")
            .build(),
        FeedbackRecord.builder().externalId("half").field("prompt", "p").field("one", "a").build());

    Attune run = suggest("better");

    assertThat(run.exitCode()).as(run.errors()).isZero();
    assertThat(run.errors())
        .contains("12 suggestions", "2 records have no text that the model can read");
  }

  @Test
  void a_model_that_does_not_fit_the_question_is_an_error_that_says_what_would() {
    assertThat(suggest("why").errors()).contains("why", "text", "ranking, rating and label");
    assertThat(suggest("odd").errors()).contains("odd", "yes, no", "prompt, one, two");
    assertThat(suggest("mood").errors()).contains("only 0 records", "10 are needed");
    assertThat(suggest("better", "--prompt", "title").errors()).contains("title", "prompt, one");
    assertThat(suggest("none").exitCode()).isEqualTo(2);
    assertThat(suggest("better", "--limit", 0).errors()).contains("--limit", "0");
    assertThat(suggestions("better")).isEmpty();
  }

  @Test
  void a_wrong_key_is_a_refusal_of_the_server() {
    Attune refused =
        Attune.run(
            "feedback",
            "suggest",
            "--server",
            server.address(),
            "--api-key",
            "wrong",
            "--dataset",
            "stories",
            "--question",
            "better",
            "--run",
            reward);
    assertThat(refused.exitCode()).isEqualTo(7);
    assertThat(refused.errors()).contains(server.address(), "does not know the API key");
  }
}
