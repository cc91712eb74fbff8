package org.attune.cli.generate;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.attune.cli.terminal.JsonOutput;
import org.attune.data.DatasetFormatException;
import org.attune.model.template.ChatTemplates;
import org.attune.model.template.Conversation;
import org.attune.model.template.EncodedConversation;
import org.attune.model.template.MessagesJson;
import org.attune.model.template.TemplateException;
import org.attune.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune template}: shows what a model's chat template makes of messages. */
@Command(
    name = "template",
    description = "Shows the text and tokens that a model's chat template makes of messages.",
    footer = {
      "",
      "Example:",
      "  attune template --model models/assistant --messages chat.json --add-generation-prompt --json"
    })
public final class TemplateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelArgument model;

  @Option(
      names = "--messages",
      required = true,
      paramLabel = "FILE",
      description = "JSON list of objects with role and content.")
  private Path messages = Path.of("");

  @Option(
      names = "--tools",
      paramLabel = "FILE",
      description = "JSON list of functions that the model may call.")
  private @Nullable Path tools;

  @Option(names = "--add-generation-prompt", description = "Ends with the beginning of an answer.")
  private boolean addGenerationPrompt;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  private TemplateCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Conversation conversation =
        new Conversation(
            read(messages),
            tools == null ? null : read(tools),
            addGenerationPrompt
                ? Conversation.Ending.GENERATION_PROMPT
                : Conversation.Ending.CLOSED);
    Path folder = model.folder();
    EncodedConversation encoded;
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      encoded =
          ChatTemplates.of(folder, tokenizer)
              .require(tools != null)
              .encode(conversation, tokenizer);
    }
    if (json) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("text", encoded.text());
      result.put("token_ids", encoded.ids());
      result.put("assistant_mask", mask(encoded.isAssistantToken()));
      JsonOutput.print(out, result);
    } else {
      out.println(encoded.text());
      out.flush();
    }
    return 0;
  }

  private static List<Integer> mask(boolean[] isAssistantToken) {
    List<Integer> mask = new ArrayList<>(isAssistantToken.length);
    for (boolean isAssistant : isAssistantToken) {
      mask.add(isAssistant ? 1 : 0);
    }
    return mask;
  }

  private static List<Map<String, Object>> read(Path file) {
    try {
      return MessagesJson.read(Files.readString(file), file.toString());
    } catch (TemplateException e) {
      throw DatasetFormatException.of(e.reason());
    } catch (IOException e) {
      throw DatasetFormatException.of(
          "%s cannot be read: %s (%s). Name a file with messages."
              .formatted(file, e.getClass().getSimpleName(), e.getMessage()));
    }
  }
}
