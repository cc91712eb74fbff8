package org.attune.model.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.model.checkpoint.CheckpointException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ChatTemplatesTest {
  private static final Conversation HI =
      Conversation.of(List.of(Map.of("role", "user", "content", "Hi")));

  @TempDir Path folder;

  private void write(String file, String content) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private String rendered(boolean withTools) {
    return ChatTemplates.read(folder).require(withTools).render(HI);
  }

  @Test
  void a_text_in_the_tokenizers_configuration_is_the_template() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ image_token }}",
         "bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false}, "pad_token": null,
         "extra_special_tokens": {"image_token": "<image>"}}
        """);

    assertThat(rendered(false)).isEqualTo("<s>Hi</s><image>");
    assertThat(rendered(true)).isEqualTo("<s>Hi</s><image>");
  }

  @Test
  void of_a_list_the_default_is_taken_and_with_tools_that_for_tool_use() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "default", "template": "plain"},
                           {"name": "tool_use", "template": "with tools"}]}
        """);

    assertThat(rendered(false)).isEqualTo("plain");
    assertThat(rendered(true)).isEqualTo("with tools");
  }

  @Test
  void a_file_of_its_own_comes_first() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": \"configured\"}");
    write("chat_template.json", "{\"chat_template\": \"of the processor\"}");
    assertThat(rendered(false)).isEqualTo("configured");

    write("chat_template.jinja", "a file\n");
    write("additional_chat_templates/tool_use.jinja", "a file for tools");

    assertThat(rendered(false)).isEqualTo("a file");
    assertThat(rendered(true)).isEqualTo("a file for tools");
  }

  @Test
  void files_are_saved_as_they_were() throws IOException {
    write("chat_template.jinja", "a\r\n");
    write("chat_template.json", "{\"chat_template\":  \"b\"}");
    write("additional_chat_templates/rag.jinja", "c");
    Path target = Files.createDirectories(folder.resolve("saved"));

    ChatTemplates.read(folder).save(target);

    for (String file :
        List.of(
            "chat_template.jinja", "chat_template.json", "additional_chat_templates/rag.jinja")) {
      assertThat(target.resolve(file)).hasSameBinaryContentAs(folder.resolve(file));
    }
  }

  @Test
  void a_template_is_parsed_once() throws IOException {
    write("chat_template.jinja", "a");
    ChatTemplates templates = ChatTemplates.read(folder);

    assertThat(templates.require(false)).isSameAs(templates.require(true));
  }

  @Test
  void a_directory_without_one_says_where_to_put_it() {
    assertThat(ChatTemplates.read(folder).isEmpty()).isTrue();
    assertThatThrownBy(() -> rendered(false))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(folder.toString(), "no chat template", "chat_template.jinja");
  }

  @Test
  void several_without_a_default_are_an_error_that_names_them() throws IOException {
    write("additional_chat_templates/rag.jinja", "c");

    assertThatThrownBy(() -> rendered(false))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("rag", "default");
  }

  @Test
  void another_value_is_an_error_that_names_the_file_and_key() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": 7}");

    assertThatThrownBy(() -> ChatTemplates.read(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("tokenizer_config.json", "chat_template", "text");
  }
}
