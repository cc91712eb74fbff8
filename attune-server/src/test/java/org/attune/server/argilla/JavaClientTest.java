package org.attune.server.argilla;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.client.Account;
import org.attune.feedback.client.ClientSettings;
import org.attune.feedback.client.FeedbackClient;
import org.attune.feedback.client.FeedbackClientException;
import org.attune.feedback.client.FoundRecord;
import org.attune.feedback.client.RemoteDataset;
import org.attune.feedback.client.Workspace;
import org.attune.feedback.field.ChatField;
import org.attune.feedback.field.CustomField;
import org.attune.feedback.field.FloatMetadataProperty;
import org.attune.feedback.field.ImageField;
import org.attune.feedback.field.IntegerMetadataProperty;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.feedback.field.TextField;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.query.Filter;
import org.attune.feedback.query.RecordQuery;
import org.attune.feedback.query.Scope;
import org.attune.feedback.query.Similarity;
import org.attune.feedback.query.Sort;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.Option;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.Span;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.record.Suggestion;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java client against this server. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class JavaClientTest {

  @TempDir static Path folder;
  private static TestServer server;
  private static FeedbackClient client;
  private static Workspace workspace;

  @BeforeAll
  static void start() {
    server = TestServer.over(folder);
    client = FeedbackClient.connect(URI.create(server.address()), TestServer.OWNER_KEY);
    workspace = client.createWorkspace("team");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static FeedbackDataset.Builder everyKind() {
    return FeedbackDataset.builder()
        .guidelines("Be *kind*.")
        .field(TextField.of("text"))
        .field(ImageField.of("image").optional())
        .field(ChatField.of("chat").optional())
        .field(CustomField.of("custom", "{{record.fields.custom.a}}").optional())
        .question(RatingQuestion.of("rating", 0, 5))
        .question(TextQuestion.of("why").describedAs("In a word").optional())
        .question(
            LabelQuestion.of("label", List.of(new Option("a", "A", "The first"), Option.of("b")))
                .optional())
        .question(MultiLabelQuestion.of("labels", "a", "b", "c").optional())
        .question(RankingQuestion.of("ranking", "a", "b", "c").optional())
        .question(SpanQuestion.of("spans", "text", "x", "y").optional())
        .metadataProperty(TermsMetadataProperty.of("source", "web", "book"))
        .metadataProperty(IntegerMetadataProperty.of("length", 0, 1000))
        .metadataProperty(FloatMetadataProperty.of("quality"))
        .vector(VectorSettings.of("meaning", 2));
  }

  private static FeedbackRecord.Builder text(String externalId, String text) {
    return FeedbackRecord.builder().externalId(externalId).field("text", text);
  }

  private static FeedbackRecord full(String user) {
    return text("full", "👩 met 👨")
        .field("image", "https://example.org/a.png")
        .field("chat", List.of(Map.of("role", "user", "content", "Hi")))
        .field("custom", Map.of("a", List.of(1, 2)))
        .metadata("source", "web")
        .metadata("length", 7)
        .metadata("quality", 0.5)
        .vector("meaning", List.of(0.5, -1.0))
        .response(
            Response.submitted(
                user,
                Map.of(
                    "rating",
                    0,
                    "why",
                    "short",
                    "label",
                    "b",
                    "labels",
                    List.of("c", "a"),
                    "ranking",
                    RankedOption.bestFirst("c", "a", "b"),
                    "spans",
                    List.of(new Span("x", 0, 1), new Span("y", 6, 7)))))
        .suggestion(Suggestion.of("rating", 3).byModel("my-model", 0.25))
        .suggestion(new Suggestion("labels", List.of("a", "b"), null, List.of(0.5, 1.0), null))
        .build();
  }

  @Test
  void a_dataset_of_every_kind_comes_back_as_it_was_sent() {
    Account ana = client.createUser("ana", "Ana", "annotator", "ana's password");
    FeedbackDataset local = everyKind().build();
    local.add(full("ana"), text("plain", "two").build());

    RemoteDataset remote = local.pushToArgilla(client, "every kind", "team");
    FeedbackDataset back = FeedbackDataset.fromArgilla(client, "every kind", "team");

    assertThat(back.settings()).isEqualTo(local.settings());
    assertThat(back.records())
        .extracting(FeedbackRecord::externalId)
        .containsExactly("full", "plain");
    FeedbackRecord sent = full(ana.id());
    FeedbackRecord read = back.recordByExternalId("full").orElseThrow();
    assertThat(read.fields()).isEqualTo(sent.fields());
    assertThat(read.metadata()).isEqualTo(sent.metadata());
    assertThat(read.vectors()).isEqualTo(sent.vectors());
    assertThat(read.responses()).isEqualTo(sent.responses());
    assertThat(read.suggestions()).containsExactlyInAnyOrderElementsOf(sent.suggestions());
    assertThat(remote.progress().completed()).isOne();
    assertThat(remote.size()).isEqualTo(2);
    assertThatThrownBy(() -> local.pushToArgilla(client, "every kind", "team"))
        .isInstanceOfSatisfying(
            FeedbackClientException.class, e -> assertThat(e.status()).isEqualTo(409));
  }

  @Test
  void many_records_go_in_batches_and_come_in_pages() {
    FeedbackClient small =
        FeedbackClient.connect(
            ClientSettings.of(URI.create(server.address()), TestServer.OWNER_KEY).batch(100));
    RemoteDataset remote = small.create("many", workspace, everyKind().settings());
    List<Long> progress = new ArrayList<>();
    List<FeedbackRecord> records =
        IntStream.range(0, 250).mapToObj(i -> text("r" + i, "text " + i).build()).toList();

    assertThat(remote.addRecords(records, Map.of(), progress::add)).isEqualTo(250);

    assertThat(progress).containsExactly(100L, 200L, 250L);
    try (Stream<FeedbackRecord> all = remote.records()) {
      assertThat(all.map(FeedbackRecord::externalId))
          .containsExactlyElementsOf(records.stream().map(FeedbackRecord::externalId).toList());
    }
    remote.addRecords(records);
    assertThat(remote.size()).as("sending again does no harm").isEqualTo(250);
  }

  @Test
  void a_record_without_a_name_is_added_once_however_often_it_is_sent() {
    RemoteDataset remote = client.create("nameless", workspace, everyKind().settings());
    FeedbackRecord nameless = FeedbackRecord.builder().field("text", "t").build();

    remote.addRecords(nameless);
    remote.addRecords(nameless);

    assertThat(remote.records().map(FeedbackRecord::externalId)).containsExactly(nameless.id());
  }

  @Test
  void the_record_at_fault_is_named_and_the_batches_before_it_stay() {
    FeedbackClient small =
        FeedbackClient.connect(
            ClientSettings.of(URI.create(server.address()), TestServer.OWNER_KEY).batch(2));
    RemoteDataset remote = small.create("faulty", workspace, everyKind().settings());

    assertThatThrownBy(
            () ->
                remote.addRecords(
                    text("a", "one").build(),
                    text("b", "two").build(),
                    text("c", "three").metadata("length", "7").build(),
                    text("d", "four")
                        .response(Response.submitted("nobody", Map.of("rating", 9)))
                        .build()))
        .isInstanceOf(InvalidFeedbackException.class)
        .hasMessageContaining("3 problems in records 2 to 3; the 2 before them were sent")
        .hasMessageContaining("record 2 (external id \"c\"): length must be a whole number")
        .hasMessageContaining(
            "record 3 (external id \"d\"), response of \"nobody\": rating must be")
        .hasMessageContaining("user must be the id or name of one of [");
    assertThat(remote.size()).isEqualTo(2);
  }

  @Test
  void what_only_the_server_can_see_is_told_with_the_batch() {
    RemoteDataset remote = client.create("doubled", workspace, everyKind().settings());

    assertThatThrownBy(() -> remote.addRecords(text("a", "one").build(), text("a", "two").build()))
        .isInstanceOfSatisfying(
            FeedbackClientException.class, e -> assertThat(e.status()).isEqualTo(422))
        .hasMessageContaining("refused to take records 0 to 1")
        .hasMessageContaining("after the 0 before them");
    assertThat(remote.size()).isZero();
  }

  @Test
  void records_are_searched_filtered_and_sorted() {
    RemoteDataset remote = client.create("searched", workspace, everyKind().settings());
    remote.addRecords(
        text("a", "rice and saffron")
            .metadata("length", 3)
            .metadata("source", "web")
            .vector("meaning", List.of(1.0, 0.0))
            .suggestion(Suggestion.of("rating", 4).byModel("m", 0.9))
            .build(),
        text("b", "rice and beans")
            .metadata("length", 9)
            .metadata("source", "book")
            .vector("meaning", List.of(0.9, 0.1))
            .suggestion(Suggestion.of("rating", 4).byModel("m", 0.1))
            .build(),
        text("c", "beans").metadata("length", 5).vector("meaning", List.of(-1.0, 0.0)).build());
    RecordQuery all = RecordQuery.all();

    assertThat(names(remote, all.text("rice beans"))).containsExactly("b");
    assertThat(names(remote, all.filterBy(Filter.of(Scope.metadata("source"), "web"))))
        .containsExactly("a");
    assertThat(
            names(
                remote,
                all.filterBy(Filter.between(Scope.metadata("length"), 4, 9))
                    .sortBy(Sort.descending(Scope.metadata("length")))))
        .containsExactly("b", "c");
    assertThat(
            names(
                remote,
                all.filterBy(
                    Filter.of(Scope.suggestion("rating"), "4"),
                    Filter.atLeast(Scope.suggestionScore("rating"), 0.5))))
        .containsExactly("a");
    assertThat(remote.count(all.filterBy(Filter.of(Scope.responseStatus(), "pending"))))
        .isEqualTo(3);

    String first = remote.records().findFirst().orElseThrow().id();
    assertThat(remote.findSimilar(Similarity.toRecord("meaning", first), 2))
        .extracting(FoundRecord::record)
        .extracting(FeedbackRecord::externalId)
        .containsExactly("b", "c");
    assertThat(remote.findSimilar(Similarity.to("meaning", List.of(1.0, 0.0)).leastSimilar(), 1))
        .extracting(FoundRecord::record)
        .extracting(FeedbackRecord::externalId)
        .containsExactly("c");
  }

  private static List<String> names(RemoteDataset remote, RecordQuery query) {
    return remote.records(query).map(FeedbackRecord::externalId).toList();
  }

  @Test
  void records_suggestions_and_responses_are_changed_and_deleted() {
    RemoteDataset remote = client.create("changed", workspace, everyKind().settings());
    remote.addRecords(text("a", "one").build(), text("b", "two").build());
    FeedbackRecord first = remote.records().findFirst().orElseThrow();

    remote.suggest(first.id(), Suggestion.of("rating", 2).byModel("m", 0.5));
    remote.suggest(first.id(), Suggestion.of("rating", 3).byModel("m", 0.75));
    remote.respond(first.id(), Response.submitted(null, Map.of("rating", 4)));
    FeedbackRecord answered = remote.record(first.id());
    assertThat(answered.suggestions())
        .containsExactly(Suggestion.of("rating", 3).byModel("m", 0.75));
    assertThat(answered.answers("rating")).containsExactly(4);
    assertThatThrownBy(
            () -> remote.respond(first.id(), Response.submitted(null, Map.of("rating", 6))))
        .isInstanceOf(FeedbackClientException.class)
        .hasMessageContaining("rating");

    remote.updateRecords(List.of(answered.toBuilder().metadata("length", 4).build()));
    assertThat(remote.record(first.id()).metadata()).containsEntry("length", 4);
    remote.deleteSuggestions(first.id(), "rating");
    assertThat(remote.record(first.id()).suggestions()).isEmpty();

    remote.deleteRecords(List.of(first.id()));
    assertThat(remote.records().map(FeedbackRecord::externalId)).containsExactly("b");
    assertThatThrownBy(() -> remote.record(first.id()))
        .isInstanceOfSatisfying(
            FeedbackClientException.class, e -> assertThat(e.status()).isEqualTo(404));
    remote.delete();
    assertThat(client.findDataset("changed", workspace)).isEmpty();
  }

  @Test
  void people_and_workspaces_are_made_and_removed() {
    Workspace other = client.createWorkspace("other");
    Account ben = client.createUser("ben", "Ben", "annotator", "ben's password");
    client.addUser(other, ben);

    assertThat(client.users(other)).extracting(Account::username).contains("ben");
    assertThat(client.users()).contains(ben);
    client.removeUser(other, ben);
    assertThat(client.users(other)).extracting(Account::username).doesNotContain("ben");
    client.deleteUser(ben);
    client.deleteWorkspace(other);
    assertThatThrownBy(() -> client.workspace("other"))
        .hasMessageContaining("There is no workspace \"other\". Yours are [");
    assertThatThrownBy(() -> client.createWorkspace("Not a name"))
        .isInstanceOf(InvalidFeedbackException.class);
  }

  @Test
  void a_wrong_key_fails_at_once() {
    assertThatThrownBy(() -> FeedbackClient.connect(URI.create(server.address()), "wrong.key"))
        .isInstanceOf(FeedbackClientException.class)
        .hasMessageContaining("does not know the API key")
        .hasMessageNotContaining("wrong.key");
  }
}
