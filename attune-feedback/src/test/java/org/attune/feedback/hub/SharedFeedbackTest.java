package org.attune.feedback.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.attune.data.hub.Hub;
import org.attune.data.hub.HubException;
import org.attune.data.hub.HubSettings;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.testkit.FakeHub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SharedFeedbackTest {

  @TempDir Path home;
  private final FakeHub server = FakeHub.start();

  @AfterEach
  void stop() {
    server.close();
  }

  private Hub hub(String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("HF_ENDPOINT", server.endpoint());
    environment.put("HF_HOME", home.toString());
    if (more.length > 0) {
      environment.put("HF_TOKEN", more[0]);
    }
    return Hub.of(HubSettings.of(environment));
  }

  private static FeedbackDataset dataset() {
    FeedbackDataset dataset =
        FeedbackDataset.builder()
            .field(TextField.of("text"))
            .question(RatingQuestion.of("feel", 1, 9))
            .build();
    dataset.add(
        FeedbackRecord.builder()
            .externalId("7")
            .field("text", "rice")
            .response(Response.submitted("ana", Map.of("feel", 8)))
            .build());
    return dataset;
  }

  @Test
  void a_dataset_is_shared_and_had_back() {
    dataset().pushToHuggingFace("org/feelings", true, hub("hf_token"));

    assertThat(server.content("org/feelings", "README.md")).isPresent();
    FeedbackDataset back = FeedbackDataset.fromHuggingFace("org/feelings", "train", hub());
    assertThat(back.settings()).isEqualTo(dataset().settings());
    assertThat(back.recordByExternalId("7").orElseThrow().answers("feel")).containsExactly(8);
    assertThatThrownBy(() -> FeedbackDataset.fromHuggingFace("org/feelings", "test", hub()))
        .hasMessageContaining("has no split \"test\"");
  }

  @Test
  void nothing_is_shared_without_a_token_and_nothing_without_records() {
    assertThatThrownBy(() -> dataset().pushToHuggingFace("org/feelings", true, hub()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("HF_TOKEN");
    assertThatThrownBy(
            () ->
                FeedbackDataset.of(dataset().settings())
                    .pushToHuggingFace("org/feelings", true, hub("hf_token")))
        .hasMessageContaining("The dataset has no records");
  }

  @Test
  void a_repository_that_is_not_there_is_named() {
    assertThatThrownBy(() -> FeedbackDataset.fromHuggingFace("org/nothing", null, hub()))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("org/nothing");
  }
}
