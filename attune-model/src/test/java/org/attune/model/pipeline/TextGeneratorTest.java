package org.attune.model.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.template.Conversation;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
final class TextGeneratorTest {
  private static final SamplingConfig GREEDY =
      SamplingConfig.builder().temperature(0).maxNewTokens(8).build();

  /** Puts messages one behind the other, and two words before an answer. */
  private static final String TEMPLATE =
      "{{ bos_token }}{% for m in messages %}{{ m['content'] }}{% endfor %}"
          + "{% if add_generation_prompt %} there was{% endif %}";

  @TempDir private Path folder;

  @Test
  void answers_messages_in_the_form_of_the_chat_template() throws IOException {
    try (TextGenerator generator = TextGenerator.load(chatModel())) {
      GeneratedText answer =
          generator.answer(Conversation.of(List.of(message("user", "One day"))), GREEDY);

      assertThat(answer.prompt()).isEqualTo("<s>One day there was");
      assertThat(answer.completion())
          .isEqualTo(generator.generate("One day there was", GREEDY).completion())
          .isNotBlank();
    }
  }

  @Test
  void goes_on_with_what_the_assistant_began() throws IOException {
    Conversation begun =
        Conversation.of(List.of(message("user", "One day"), message("assistant", ", a dog")));
    Conversation other = Conversation.of(List.of(message("user", "The cat")));
    try (TextGenerator generator = TextGenerator.load(chatModel())) {
      List<GeneratedText> answers = generator.answer(List.of(other, begun), GREEDY);

      assertThat(answers.get(1).prompt()).isEqualTo("<s>One day, a dog");
      assertThat(answers.get(1).completion())
          .isEqualTo(generator.generate("One day, a dog", GREEDY).completion());
    }
  }

  @Test
  void has_no_form_for_messages_without_a_template() {
    Conversation conversation = Conversation.of(List.of(message("user", "Hi")));
    try (TextGenerator generator = TextGenerator.load(Bundled.stories260k())) {
      assertThatThrownBy(() -> generator.answer(conversation, GREEDY))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("stories260k", "no chat template");
    }
  }

  private Path chatModel() throws IOException {
    try (Stream<Path> files = Files.list(Bundled.stories260k())) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
    return folder;
  }

  private static Map<String, String> message(String role, String content) {
    return Map.of("role", role, "content", content);
  }
}
