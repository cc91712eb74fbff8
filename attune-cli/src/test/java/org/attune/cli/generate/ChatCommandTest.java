package org.attune.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.attune.cli.Attune;
import org.attune.model.LanguageModel;
import org.attune.testkit.Bundled;
import org.attune.testkit.NoTensorLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoTensorLeaks.class)
class ChatCommandTest {
  @Test
  void answers_alone_are_on_standard_output() {
    Attune chat = chat("Once upon a time\n\n/help\n/foo\nOnce upon a time\n");

    assertThat(chat.exitCode()).isZero();
    assertThat(chat.output().lines())
        .containsExactly(", there was a little girl", ", there was a little girl");
    assertThat(chat.errors()).contains("/temperature T", "/foo is no command");
  }

  @Test
  void exit_ends_the_chat() {
    assertThat(chat("/exit\nOnce upon a time\n").output()).isEmpty();
  }

  @Test
  void settings_change_for_the_lines_after_them() {
    Attune chat = chat("/temperature 1\n/seed 3\nOnce\n/seed 3\n/temperature warm\nOnce\n");

    assertThat(chat.output().lines().distinct()).hasSize(1);
    assertThat(chat.errors()).contains("/temperature needs a number but was \"warm\"");
  }

  @Test
  void a_line_over_the_context_does_not_end_the_chat() {
    Attune chat = chat("One day. ".repeat(400) + "\nOnce upon a time\n");

    assertThat(chat.output().lines()).containsExactly(", there was a little girl");
    assertThat(chat.errors()).contains("Shorten the prompt");
  }

  @Test
  void a_model_with_a_chat_template_sees_what_was_said_before(@TempDir Path folder)
      throws IOException {
    try (LanguageModel model = LanguageModel.load(Bundled.stories260k())) {
      model.save(folder);
    }
    Files.writeString(
        folder.resolve("chat_template.jinja"),
        "{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}");

    Attune chat =
        Attune.reading(
            "Once\n and\n/clear\nOnce\n",
            "chat",
            "--model",
            folder,
            "--max-new-tokens",
            "4",
            "--temperature",
            "0");

    List<String> answers = chat.output().lines().toList();
    assertThat(answers).hasSize(3);
    assertThat(answers.get(2)).isEqualTo(answers.get(0));
    Attune whole =
        Attune.run(
            "generate",
            "--model",
            folder,
            "--prompt",
            "Once" + answers.get(0) + " and",
            "--max-new-tokens",
            "4",
            "--temperature",
            "0");
    assertThat(whole.output()).contains(answers.get(1));
    assertThat(chat.errors()).contains("Write a message");
  }

  private static Attune chat(String lines) {
    return Attune.reading(lines, "chat", "--model", Bundled.stories260k(), "--max-new-tokens", "8");
  }
}
