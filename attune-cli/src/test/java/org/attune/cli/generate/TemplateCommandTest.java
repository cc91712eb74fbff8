package org.attune.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.cli.Attune;
import org.attune.testkit.Bundled;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TemplateCommandTest {
  @TempDir Path folder;

  @BeforeEach
  void copy_the_model() throws IOException {
    for (String file : new String[] {"config.json", "tokenizer.json", "tokenizer_config.json"}) {
      Files.copy(Bundled.stories260k().resolve(file), folder.resolve(file));
    }
    write(
        "chat_template.jinja",
        "{{ bos_token }}{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}"
            + "{{ m.content }}{% endgeneration %}{% else %}{{ m.content }} {% endif %}{% endfor %}"
            + "{% if tools %}{{ tools | tojson }}{% endif %}"
            + "{% if add_generation_prompt %}>{% endif %}");
    write(
        "chat.json",
        """
        [{"role": "user", "content": "Once"}, {"role": "assistant", "content": "upon"}]
        """);
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content);
  }

  private Attune template(Object... more) {
    Object[] arguments = new Object[more.length + 5];
    arguments[0] = "template";
    arguments[1] = "--model";
    arguments[2] = folder;
    arguments[3] = "--messages";
    arguments[4] = folder.resolve("chat.json");
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Attune.run(arguments);
  }

  @Test
  void text_ids_and_mask_are_one_json_object() {
    Attune run = template("--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.output())
        .isEqualToIgnoringNewLines(
            "{\"text\":\"<s>Once upon\",\"token_ids\":[1,403,407],\"assistant_mask\":[0,0,1]}");
  }

  @Test
  void the_text_alone_is_shown_to_people() {
    assertThat(template("--add-generation-prompt").output().strip()).isEqualTo("<s>Once upon>");
  }

  @Test
  void tools_reach_the_template() throws IOException {
    write("tools.json", "[{\"name\": \"now\", \"strict\": true, \"limit\": null}]");

    assertThat(template("--tools", folder.resolve("tools.json")).output())
        .contains("[{\"name\": \"now\", \"strict\": true, \"limit\": null}]");
  }

  @Test
  void messages_that_are_none_are_a_fault_of_the_data() throws IOException {
    write("chat.json", "{\"role\": \"user\"}");
    Attune object = template("--json");
    write("chat.json", "[{\"role\": \"user\"");
    Attune torn = template("--json");

    assertThat(object.exitCode()).isEqualTo(3);
    assertThat(object.errors()).contains("chat.json", "list of objects", "role");
    assertThat(torn.exitCode()).isEqualTo(3);
    assertThat(torn.errors()).contains("chat.json", "line 1");
  }

  @Test
  void a_template_that_refuses_the_messages_is_a_fault_of_the_model() throws IOException {
    write("chat_template.jinja", "\n{{ raise_exception('No system role') }}");

    Attune run = template("--json");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.errors()).contains("line 2", "No system role");
  }

  @Test
  void a_model_without_a_template_says_where_to_put_one() {
    Attune run =
        Attune.run(
            "template",
            "--model",
            Bundled.stories260k(),
            "--messages",
            folder.resolve("chat.json"));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.errors()).contains("no chat template", "chat_template.jinja");
  }
}
