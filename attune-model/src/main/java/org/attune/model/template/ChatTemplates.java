package org.attune.model.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.checkpoint.DurableFile;
import org.attune.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The chat templates that a model directory has, by name; a model with only one calls it {@code
 * default}.
 *
 * <p>They stand in {@code chat_template.jinja} and {@code additional_chat_templates/}, in {@code
 * tokenizer_config.json} (a text, or a list of named ones) or, from processors, in {@code
 * chat_template.json}. A file of its own comes before the others.
 */
public final class ChatTemplates {
  private static final String DEFAULT = "default";
  private static final String TOOL_USE = "tool_use";
  private static final String TEMPLATE = "chat_template.jinja";
  private static final String PROCESSOR_TEMPLATE = "chat_template.json";
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  private static final String FOLDER = "additional_chat_templates";
  private static final String SUFFIX = ".jinja";

  private final Path directory;
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, Object> specialTokens = new HashMap<>();

  /** The templates' own files, byte for byte, by their place in the directory. */
  private final Map<String, byte[]> files = new TreeMap<>();

  /** Templates that were asked for, by name: a template is parsed once. */
  private final Map<String, ChatTemplate> parsed = new ConcurrentHashMap<>();

  private ChatTemplates(Path directory) {
    this.directory = directory;
  }

  /**
   * Reads the templates of a directory, without parsing them.
   *
   * @throws CheckpointException if a file cannot be read
   */
  public static ChatTemplates read(Path directory) {
    ChatTemplates templates = new ChatTemplates(directory);
    templates.readProcessorTemplate();
    templates.readTokenizerConfig();
    templates.readFiles();
    return templates;
  }

  /**
   * The templates of what a tokenizer was loaded from: a directory, or one file that holds all.
   *
   * @throws CheckpointException if a file cannot be read
   */
  public static ChatTemplates of(Path source, Tokenizer tokenizer) {
    if (Files.isDirectory(source)) {
      return read(source);
    }
    ChatTemplates templates = new ChatTemplates(source);
    tokenizer
        .file(TOKENIZER_CONFIG)
        .map(content -> ConfigJson.parse(source, content))
        .ifPresent(
            json -> {
              templates.readSpecialTokens(json.toJson());
              templates.add(json, TOKENIZER_CONFIG);
            });
    return templates;
  }

  /** Whether there is any. */
  public boolean isEmpty() {
    return sources.isEmpty();
  }

  /**
   * The template for conversations: with tools the one named {@code tool_use}, if there is one,
   * else {@code default}; empty if the directory has none at all.
   *
   * @throws TemplateException if it is malformed
   * @throws CheckpointException if there are several and none of that name
   */
  public Optional<ChatTemplate> find(boolean withTools) {
    if (sources.isEmpty()) {
      return Optional.empty();
    }
    String name = withTools && sources.containsKey(TOOL_USE) ? TOOL_USE : DEFAULT;
    String source = sources.get(name);
    if (source == null) {
      throw new CheckpointException(
          "%s has the chat templates %s and none is the default. Name one of them \"default\"."
              .formatted(directory, String.join(", ", sources.keySet())));
    }
    return Optional.of(parsed.computeIfAbsent(name, unread -> with(source)));
  }

  /**
   * As {@link #find}, of a directory that must have a template.
   *
   * @throws CheckpointException if the directory has none
   */
  public ChatTemplate require(boolean withTools) {
    return find(withTools)
        .orElseThrow(
            () ->
                new CheckpointException(
                    "%s has no chat template, so that its model has no form for messages. Put one into %s there, or use texts instead of messages."
                        .formatted(directory, TEMPLATE)));
  }

  /**
   * Another template, with the special tokens of this directory.
   *
   * @throws TemplateException if it is malformed
   */
  public ChatTemplate with(String source) {
    return ChatTemplate.of(source, specialTokens);
  }

  /**
   * Writes the templates' own files into an existing directory; those in {@code
   * tokenizer_config.json} are saved with the tokenizer.
   *
   * @throws CheckpointException if a file cannot be written
   */
  public void save(Path target) {
    files.forEach(
        (name, content) -> {
          Path file = target.resolve(name);
          try {
            Files.createDirectories(file.toAbsolutePath().getParent());
          } catch (IOException e) {
            throw unreadable(file, "written", e);
          }
          DurableFile.write(file, content);
        });
  }

  private void readProcessorTemplate() {
    byte[] content = content(PROCESSOR_TEMPLATE);
    if (content != null) {
      files.put(PROCESSOR_TEMPLATE, content);
      ConfigJson json = ConfigJson.parse(directory.resolve(PROCESSOR_TEMPLATE), content);
      add(json, PROCESSOR_TEMPLATE);
    }
  }

  private void readTokenizerConfig() {
    for (String name : List.of("special_tokens_map.json", TOKENIZER_CONFIG)) {
      byte[] content = content(name);
      if (content != null) {
        ConfigJson json = ConfigJson.parse(directory.resolve(name), content);
        readSpecialTokens(json.toJson());
        add(json, name);
      }
    }
  }

  private void add(ConfigJson json, String file) {
    JsonNode node = json.toJson().path("chat_template");
    if (node.isTextual()) {
      sources.put(DEFAULT, node.textValue());
    } else if (node.isArray()) {
      for (JsonNode each : node) {
        if (!each.path("name").isTextual() || !each.path("template").isTextual()) {
          throw json.mismatch(
              "chat_template", "a text, or a list of objects with name and template");
        }
        sources.put(each.get("name").textValue(), each.get("template").textValue());
      }
    } else if (node.isObject()) {
      node.properties().forEach(each -> sources.put(each.getKey(), each.getValue().asText()));
    } else if (!node.isMissingNode() && !node.isNull()) {
      throw new CheckpointException(
          "%s: chat_template must be a text, or a list of objects with name and template."
              .formatted(directory.resolve(file)));
    }
  }

  /** Tokens by the names under which transformers gives them to templates. */
  private void readSpecialTokens(JsonNode json) {
    json.properties()
        .forEach(
            field -> {
              String token = token(field.getValue());
              if (field.getKey().endsWith("_token") && token != null) {
                specialTokens.put(field.getKey(), token);
              }
            });
    JsonNode extra = json.path("extra_special_tokens");
    if (extra.isObject()) {
      extra
          .properties()
          .forEach(
              field -> {
                String token = token(field.getValue());
                if (token != null) {
                  specialTokens.put(field.getKey(), token);
                }
              });
    }
  }

  /** A token is a text, or an object that describes it. */
  private static @Nullable String token(JsonNode node) {
    JsonNode content = node.isObject() ? node.path("content") : node;
    return content.isTextual() ? content.textValue() : null;
  }

  private void readFiles() {
    byte[] template = content(TEMPLATE);
    if (template != null) {
      files.put(TEMPLATE, template);
      sources.put(DEFAULT, new String(template, UTF_8));
    }
    Path folder = directory.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<String> names;
    try (Stream<Path> paths = Files.list(folder)) {
      names =
          paths.map(path -> path.getFileName().toString()).filter(n -> n.endsWith(SUFFIX)).toList();
    } catch (IOException e) {
      throw unreadable(folder, "read", e);
    }
    for (String name : names) {
      byte[] content = content(FOLDER + "/" + name);
      if (content != null) {
        files.put(FOLDER + "/" + name, content);
        sources.put(name.substring(0, name.length() - SUFFIX.length()), new String(content, UTF_8));
      }
    }
  }

  private byte @Nullable [] content(String name) {
    Path file = directory.resolve(name);
    try {
      return Files.exists(file) ? Files.readAllBytes(file) : null;
    } catch (IOException e) {
      throw unreadable(file, "read", e);
    }
  }

  private static CheckpointException unreadable(Path file, String what, IOException e) {
    return new CheckpointException(
        "%s cannot be %s: %s (%s)."
            .formatted(file, what, e.getClass().getSimpleName(), e.getMessage()),
        e);
  }
}
