package org.attune.server.argilla;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.attune.server.webhook.Receiver;
import org.attune.server.webhook.Webhook;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks hear of every change, whoever made it and by whatever door. */
class WebhookEventsTest {

  private static final String PRIVATE_WEBHOOKS = "attune.private-webhooks";

  private TestServer server;
  private Receiver receiver;
  private String workspace;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    System.setProperty(PRIVATE_WEBHOOKS, "true");
    server = TestServer.over(folder);
    receiver = new Receiver();
    workspace = server.workspace();
  }

  @AfterEach
  void stop() {
    server.close();
    receiver.close();
    System.clearProperty(PRIVATE_WEBHOOKS);
  }

  private void listenTo(List<String> events) {
    server.owner().post("/api/v1/webhooks", Map.of("url", receiver.url(), "events", events));
  }

  private static Map<String, Object> record(String externalId) {
    return Map.of("external_id", externalId, "fields", Map.of("text", "a text"));
  }

  private static Map<String, Object> answer() {
    return Map.of("status", "submitted", "values", Map.of("label", Map.of("value", "yes")));
  }

  private String addedRecord(String dataset) {
    Caller.Answer added =
        server
            .owner()
            .post(
                "/api/v1/datasets/" + dataset + "/records/bulk",
                Map.of("items", List.of(record("1"))));
    return String.valueOf(added.items().get(0).get("id"));
  }

  @Nested
  class from_pages {

    private Visitor visitor;

    @BeforeEach
    void sign_in() throws Exception {
      visitor = new Visitor(server.address());
      visitor.signIn("owner", "owner's password");
    }

    @Test
    void a_dataset_that_is_built_filled_changed_and_deleted_tells_of_each() throws Exception {
      listenTo(Webhook.EVENTS);
      String csv = "text,label\nPrices rose,economy\nA cup was won,sport\n";
      Map<String, String> form = new HashMap<>();
      form.put("name", "news");
      form.put("workspace", workspace);
      form.put("template", "text-classification");
      form.put("labels", "economy\nsport");
      String id =
          visitor
              .upload("/datasets/new", form, "news.csv", csv)
              .headers()
              .firstValue("Location")
              .orElseThrow()
              .split("/", -1)[2];
      visitor.post(
          "/dataset/" + id + "/build/data",
          Map.of("use-0", "text", "required-0", "on", "use-1", "ignore"));
      assertThat(visitor.post("/dataset/" + id + "/build/publish", Map.of()).statusCode())
          .isEqualTo(302);
      visitor.post("/dataset/" + id + "/settings", Map.of("name", "news 2", "minSubmitted", "1"));
      visitor.post("/dataset/" + id + "/settings/delete", Map.of("name", "news 2"));

      assertThat(receiver.types(6))
          .containsExactly(
              "dataset.created",
              "dataset.published",
              "record.created",
              "record.created",
              "dataset.updated",
              "dataset.deleted");
      assertThat(receiver.isQuiet()).isTrue();
    }
  }

  @Nested
  class from_the_second_generation_of_clients {

    @Test
    void a_submitted_response_tells_of_itself_and_its_record() throws Exception {
      String dataset = server.dataset(workspace);
      String id = addedRecord(dataset);
      listenTo(Webhook.EVENTS);
      Caller.Answer created = server.owner().post("/api/v1/records/" + id + "/responses", answer());

      Receiver.Message message = receiver.next();
      assertThat(message.type()).isEqualTo("response.created");
      assertThat(message.data())
          .containsEntry("id", created.text("id"))
          .containsEntry("status", "submitted")
          .doesNotContainKey("user_id")
          .containsKeys("user", "record");
      assertThat(receiver.types(2)).containsExactly("record.updated", "record.completed");

      server.owner().put("/api/v1/responses/" + created.text("id"), answer());
      assertThat(receiver.types(2)).containsExactly("response.updated", "record.updated");
      server.owner().delete("/api/v1/responses/" + created.text("id"));
      assertThat(receiver.types(2)).containsExactly("response.deleted", "record.updated");
    }

    @Test
    void many_records_tell_of_each_with_its_dataset() throws Exception {
      String dataset = server.dataset(workspace);
      listenTo(List.of("record.created", "record.updated"));
      String path = "/api/v1/datasets/" + dataset + "/records/bulk";
      server.owner().post(path, Map.of("items", List.of(record("1"), record("2"))));
      server.owner().put(path, Map.of("items", List.of(record("2"), record("3"))));

      List<String> heard = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Receiver.Message message = receiver.next();
        heard.add(message.type() + " " + message.data().get("external_id"));
        assertThat(message.data().get("dataset"))
            .asInstanceOf(InstanceOfAssertFactories.MAP)
            .containsEntry("id", dataset)
            .containsKey("workspace");
      }
      assertThat(heard)
          .containsExactly(
              "record.created 1", "record.created 2", "record.created 3", "record.updated 2");
    }

    @Test
    void answers_that_come_with_records_are_told_of() throws Exception {
      String dataset = server.dataset(workspace);
      String user = server.owner().get("/api/v1/me").text("id");
      listenTo(Webhook.EVENTS);
      Map<String, Object> item = new HashMap<>(record("1"));
      Map<String, Object> response = new HashMap<>(answer());
      response.put("user_id", user);
      item.put("responses", List.of(response));
      server
          .owner()
          .post("/api/v1/datasets/" + dataset + "/records/bulk", Map.of("items", List.of(item)));

      assertThat(receiver.types(4))
          .containsExactly(
              "record.created", "response.created", "record.updated", "record.completed");
    }

    @Test
    void a_changed_suggestion_changes_its_record() throws Exception {
      String dataset = server.dataset(workspace);
      String id = addedRecord(dataset);
      Object question =
          server.owner().get("/api/v1/datasets/" + dataset + "/questions").items().get(0).get("id");
      listenTo(List.of("record.updated"));
      Caller.Answer put =
          server
              .owner()
              .put(
                  "/api/v1/records/" + id + "/suggestions",
                  Map.of("question_id", String.valueOf(question), "value", "yes"));
      assertThat(receiver.next().data()).containsEntry("id", id);

      server.owner().delete("/api/v1/suggestions/" + put.text("id"));
      assertThat(receiver.next().data()).containsEntry("id", id);
    }

    @Test
    void a_rule_that_completes_records_tells_of_them() throws Exception {
      String dataset = server.dataset(workspace);
      String path = "/api/v1/datasets/" + dataset;
      Map<String, Object> two = Map.of("strategy", "overlap", "min_submitted", 2);
      server.owner().patch(path, Map.of("distribution", two));
      String id = addedRecord(dataset);
      server.owner().post("/api/v1/records/" + id + "/responses", answer());
      listenTo(List.of("record.completed"));
      Map<String, Object> one = Map.of("strategy", "overlap", "min_submitted", 1);
      server.owner().patch(path, Map.of("distribution", one));

      assertThat(receiver.next().data()).containsEntry("id", id);
    }
  }

  @Nested
  class from_the_first_generation_of_clients {

    @Test
    void records_that_are_added_changed_and_deleted_tell_of_each() throws Exception {
      String dataset = server.dataset(workspace);
      listenTo(Webhook.EVENTS);
      String path = "/api/v1/datasets/" + dataset + "/records";
      server.owner().post(path, Map.of("items", List.of(record("1"))));
      Map<String, @Nullable Object> created = receiver.next().data();
      String id = String.valueOf(created.get("id"));
      server
          .owner()
          .patch(path, Map.of("items", List.of(Map.of("id", id, "metadata", Map.of("length", 4)))));
      server.owner().delete(path + "?ids=" + id);

      assertThat(created).containsEntry("external_id", "1");
      assertThat(receiver.types(2)).containsExactly("record.updated", "record.deleted");
    }
  }

  @Test
  void a_change_that_was_refused_tells_of_nothing() throws Exception {
    String dataset = server.dataset(workspace);
    addedRecord(dataset);
    listenTo(Webhook.EVENTS);
    assertThat(
            server
                .owner()
                .post(
                    "/api/v1/datasets/" + dataset + "/records/bulk",
                    Map.of("items", List.of(record("2"), record("1"))))
                .status())
        .isEqualTo(422);

    assertThat(receiver.isQuiet()).isTrue();
  }
}
