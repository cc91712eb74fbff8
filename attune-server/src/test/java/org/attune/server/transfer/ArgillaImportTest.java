package org.attune.server.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.attune.data.InvalidInputException;
import org.attune.feedback.client.Account;
import org.attune.feedback.client.FeedbackClient;
import org.attune.feedback.client.RemoteDataset;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgillaImportTest {

  private static final ArgillaImport.ImportProgress QUIETLY = (dataset, done, total) -> {};
  private static final ArgillaImport.Choice ALL = new ArgillaImport.Choice(null, null, true);

  private TestServer from;
  private TestServer to;
  private FeedbackClient source;
  private FeedbackClient target;
  private String dataset;
  private TestServer.Person ana;

  @BeforeEach
  void start(@TempDir Path folder) {
    from = TestServer.over(folder.resolve("from"));
    to = TestServer.over(folder.resolve("to"));
    source = FeedbackClient.connect(URI.create(from.address()), TestServer.OWNER_KEY);
    target = FeedbackClient.connect(URI.create(to.address()), TestServer.OWNER_KEY);
    String workspace = from.workspace();
    dataset = from.dataset(workspace);
    ana = from.person("annotator", workspace);
    List<Map<String, Object>> items =
        IntStream.range(0, 300)
            .mapToObj(
                i ->
                    Map.of(
                        "external_id",
                        "r" + i,
                        "fields",
                        Map.of("text", "Grüße 世界 " + i),
                        "metadata",
                        Map.of("length", i),
                        "vectors",
                        Map.of("meaning", List.of(i, 0.5, 1)),
                        "suggestions",
                        List.of(Map.of("question_name", "label", "value", "yes", "agent", "m")),
                        "responses",
                        List.of(
                            Map.of(
                                "user_id",
                                ana.id(),
                                "status",
                                i % 2 == 0 ? "submitted" : "draft",
                                "values",
                                Map.of("label", Map.of("value", "no"))))))
            .toList();
    from.owner().post("/api/v1/datasets/" + dataset + "/records/bulk", Map.of("items", items));
  }

  @AfterEach
  void stop() {
    from.close();
    to.close();
  }

  private RemoteDataset there() {
    return source.dataset("dataset-2", source.workspace("workspace-1"));
  }

  private RemoteDataset here() {
    return target.dataset("dataset-2", target.workspace("workspace-1"));
  }

  @Test
  void everything_of_a_dataset_arrives() {
    ArgillaImport.Summary summary = ArgillaImport.run(source, target, ALL, QUIETLY);

    assertThat(summary).isEqualTo(new ArgillaImport.Summary(1, 300, 0, List.of()));
    assertThat(here().settings()).isEqualTo(there().settings());
    Account imported =
        target.users().stream()
            .filter(user -> user.username().equals(ana.username()))
            .findFirst()
            .orElseThrow();
    assertThat(imported.role()).isEqualTo("annotator");
    assertThat(target.users(here().workspace())).contains(imported);
    try (Stream<FeedbackRecord> before = there().records();
        Stream<FeedbackRecord> after = here().records()) {
      assertThat(after.map(record -> plain(record, imported.id())))
          .containsExactlyElementsOf(before.map(record -> plain(record, ana.id())).toList());
    }
  }

  /** What is to stay, with a word instead of the id of the person who answered. */
  private static String plain(FeedbackRecord record, String person) {
    return List.of(
            String.valueOf(record.externalId()),
            record.fields(),
            record.metadata(),
            record.vectors(),
            record.suggestions(),
            record.responses())
        .toString()
        .replace(person, "ana");
  }

  @Test
  void a_second_import_adds_nothing_and_changes_nothing() {
    ArgillaImport.run(source, target, ALL, QUIETLY);
    here().respond(here().records().findFirst().orElseThrow().id(), answer());

    ArgillaImport.Summary summary = ArgillaImport.run(source, target, ALL, QUIETLY);

    assertThat(summary).isEqualTo(new ArgillaImport.Summary(1, 0, 300, List.of()));
    assertThat(here().size()).isEqualTo(300);
    assertThat(here().records().findFirst().orElseThrow().responses()).hasSize(2);
  }

  private static Response answer() {
    return Response.submitted(null, Map.of("label", "yes"));
  }

  @Test
  void an_import_that_was_cut_off_goes_on_where_it_was() {
    assertThatThrownBy(
            () ->
                ArgillaImport.run(
                    source,
                    target,
                    ALL,
                    (name, done, total) -> {
                      throw new IllegalStateException("cut off");
                    }))
        .hasMessage("cut off");
    assertThat(here().size()).isEqualTo(250);

    ArgillaImport.Summary summary = ArgillaImport.run(source, target, ALL, QUIETLY);

    assertThat(summary).isEqualTo(new ArgillaImport.Summary(1, 50, 250, List.of()));
    assertThat(here().size()).isEqualTo(300);
  }

  @Test
  void without_accounts_for_those_who_answered_their_records_are_left_out_and_listed() {
    ArgillaImport.Summary summary =
        ArgillaImport.run(source, target, new ArgillaImport.Choice(null, null, false), QUIETLY);

    assertThat(summary.added()).isZero();
    assertThat(summary.problems())
        .anySatisfy(
            problem -> assertThat(problem).contains(ana.username()).contains("use --create-users"))
        .anySatisfy(problem -> assertThat(problem).contains("record r299: user must have"));
    assertThat(target.users()).hasSize(1);
  }

  @Test
  void a_dataset_with_other_settings_here_is_not_touched() {
    to.workspace(); // the same name as there
    String mine = to.dataset(target.workspace("workspace-1").id());
    to.owner().post("/api/v1/datasets/" + mine + "/fields", TestServer.field("more", false));
    to.owner().patch("/api/v1/datasets/" + mine, Map.of("guidelines", "others"));

    ArgillaImport.Summary summary = ArgillaImport.run(source, target, ALL, QUIETLY);

    assertThat(summary.problems()).singleElement().asString().contains("has other settings here");
    assertThat(here().size()).isZero();
  }

  @Test
  void a_choice_that_fits_nothing_is_told() {
    ArgillaImport.Choice none = new ArgillaImport.Choice("workspace-1", "nothing", true);

    assertThatThrownBy(() -> ArgillaImport.run(source, target, none, QUIETLY))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("There is no dataset to import \"nothing\"");
  }
}
