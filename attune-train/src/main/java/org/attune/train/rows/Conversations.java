package org.attune.train.rows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.attune.data.DatasetFormatException;
import org.attune.data.Row;
import org.attune.model.template.ChatTemplate;
import org.attune.model.template.ChatTemplates;
import org.attune.model.template.Conversation;
import org.attune.model.template.Conversation.Ending;
import org.attune.model.template.EncodedConversation;
import org.attune.model.template.MessagesJson;
import org.attune.model.template.TemplateException;
import org.attune.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose columns hold messages instead of texts, in the form of the model's chat template.
 *
 * <p>The column {@code tools}, if there is one, describes functions that the model may call: a list
 * of objects, or a text that holds it as JSON. Keys without a value, which files with a schema add
 * to every message, count as absent.
 */
public final class Conversations {
  private final ChatTemplates templates;
  private final Tokenizer tokenizer;

  public Conversations(ChatTemplates templates, Tokenizer tokenizer) {
    this.templates = templates;
    this.tokenizer = tokenizer;
  }

  /** Whether a column of the row holds messages. */
  public static boolean areIn(Row row, String column) {
    return row.has(column)
        && row.get(column) instanceof List<?> list
        && !list.isEmpty()
        && list.get(0) instanceof Map<?, ?> message
        && message.containsKey("role");
  }

  /**
   * The ids of the messages of one or more columns, one after the other.
   *
   * @throws DatasetFormatException if they are no messages, or the template refuses them
   */
  public int[] ids(Row row, Ending ending, String... columns) {
    return read(row, ending, columns, (template, c) -> template.ids(c, tokenizer));
  }

  /**
   * As {@link #ids}, with the tokens that the assistant wrote.
   *
   * @throws DatasetFormatException also if the template does not say which these are
   */
  public EncodedConversation marked(Row row, String... columns) {
    EncodedConversation encoded =
        read(row, Ending.CLOSED, columns, (template, c) -> template.encode(c, tokenizer));
    if (!encoded.hasAssistantToken()) {
      throw DatasetFormatException.of(
          "Row %d: the chat template marks no token as the assistant's, so that assistant-only-loss has nothing to learn. Use a template with {%% generation %%} around the assistant's words (chat_template.jinja in the folder of the tokenizer), give rows with prompt and completion, or set it to false."
              .formatted(row.number()));
    }
    return encoded;
  }

  /**
   * The ids of a prompt: it ends with the beginning of an answer, or leaves an answer open that it
   * ends with.
   *
   * @throws DatasetFormatException as {@link #ids}
   */
  public int[] promptIds(Row row, String column) {
    List<Map<String, Object>> messages = messages(row, column);
    Object role = messages.get(messages.size() - 1).get("role");
    return ids(row, "assistant".equals(role) ? Ending.CONTINUED : Ending.GENERATION_PROMPT, column);
  }

  private <T> T read(
      Row row, Ending ending, String[] columns, BiFunction<ChatTemplate, Conversation, T> form) {
    List<Map<String, Object>> messages = new ArrayList<>();
    for (String column : columns) {
      messages.addAll(messages(row, column));
    }
    List<Map<String, Object>> tools = tools(row);
    ChatTemplate template = templates.require(tools != null);
    try {
      return form.apply(template, new Conversation(messages, tools, ending));
    } catch (TemplateException e) {
      throw DatasetFormatException.of(
          "Row %d, %s: %s".formatted(row.number(), String.join(" and ", columns), e.getMessage()));
    }
  }

  private static List<Map<String, Object>> messages(Row row, String column) {
    if (!areIn(row, column)) {
      throw DatasetFormatException.of(
          "Row %d, column \"%s\" must hold messages, such as [{\"role\": \"user\", \"content\": \"Hi\"}], as the other columns and rows do. Correct the row, or drop it."
              .formatted(row.number(), column));
    }
    return objects(row, column, row.list(column));
  }

  private static @Nullable List<Map<String, Object>> tools(Row row) {
    Object tools = row.values().get("tools");
    if (tools == null) {
      return null;
    }
    if (tools instanceof String json) {
      String where = "Row %d, column \"tools\"".formatted(row.number());
      List<Map<String, Object>> parsed;
      try {
        parsed = MessagesJson.read(json, where);
      } catch (TemplateException e) {
        throw DatasetFormatException.of(e.reason());
      }
      return parsed.isEmpty() ? null : parsed;
    }
    List<Map<String, Object>> objects = objects(row, "tools", row.list("tools"));
    return objects.isEmpty() ? null : objects;
  }

  private static List<Map<String, Object>> objects(Row row, String column, List<?> values) {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof Map<?, ?> map)) {
        throw DatasetFormatException.of(
            "Row %d, column \"%s\" must hold objects only but has %s. Correct the row."
                .formatted(row.number(), column, value));
      }
      objects.add(withoutNulls(map));
    }
    return objects;
  }

  private static Map<String, Object> withoutNulls(Map<?, ?> map) {
    Map<String, Object> kept = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (value != null) {
            kept.put(String.valueOf(key), cleaned(value));
          }
        });
    return kept;
  }

  private static Object cleaned(Object value) {
    if (value instanceof Map<?, ?> map) {
      return withoutNulls(map);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> items = new ArrayList<>();
      list.forEach(item -> items.add(item == null ? null : cleaned(item)));
      return items;
    }
    return value;
  }
}
