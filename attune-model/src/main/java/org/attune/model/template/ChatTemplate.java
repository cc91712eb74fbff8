package org.attune.model.template;

import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.attune.model.tokenizer.EncodedToken;
import org.attune.model.tokenizer.SpecialTokens;
import org.attune.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * A model's form for conversations: what turns messages into the one text that the model reads.
 *
 * <p>Renders as transformers does: the template sees {@code messages}, {@code tools}, {@code
 * documents}, {@code add_generation_prompt} and the special tokens by name, and a message's
 * reasoning under each name in use for it. Threads may share a template.
 */
public final class ChatTemplate {
  /** Names of a message's reasoning; the first is the one that templates read. */
  private static final List<String> REASONING =
      List.of("reasoning_content", "thinking", "reasoning");

  private static final String CONTINUATION_MARK = "CONTINUE_FINAL_MESSAGE_TAG ";

  private final String source;
  private final Template template;
  private final Map<String, Object> specialTokens;
  private final Clock clock;

  ChatTemplate(String source, Template template, Map<String, Object> specialTokens, Clock clock) {
    this.source = source;
    this.template = template;
    this.specialTokens = Map.copyOf(specialTokens);
    this.clock = clock;
  }

  /**
   * Reads a template.
   *
   * @param specialTokens what the template may name, such as {@code bos_token}
   * @throws TemplateException if it is malformed
   */
  public static ChatTemplate of(String source, Map<String, ?> specialTokens) {
    return of(source, specialTokens, Clock.system(ZoneId.systemDefault()));
  }

  static ChatTemplate of(String source, Map<String, ?> specialTokens, Clock clock) {
    return new ChatTemplate(
        source, Template.parse(source, Limits.USUAL), new HashMap<>(specialTokens), clock);
  }

  /** The template as it is written. */
  public String source() {
    return source;
  }

  /** Whether the template says which words are the assistant's. */
  public boolean marksAssistant() {
    return template.hasGeneration();
  }

  /**
   * The text of a conversation.
   *
   * @throws TemplateException if the template refuses the messages
   */
  public String render(Conversation conversation) {
    return rendering(conversation).text();
  }

  /**
   * The token ids of a conversation. The template writes all special tokens itself, so that the
   * tokenizer adds none.
   *
   * @throws TemplateException as {@link #render}
   */
  public int[] ids(Conversation conversation, Tokenizer tokenizer) {
    return tokenizer.encode(render(conversation), SpecialTokens.NONE);
  }

  /**
   * As {@link #ids}, and which of the tokens the assistant wrote.
   *
   * @throws TemplateException as {@link #render}, and if the template marks words of the assistant
   *     where their place in the text is lost
   */
  public EncodedConversation encode(Conversation conversation, Tokenizer tokenizer) {
    Rendering rendering = rendering(conversation);
    if (rendering.hasHiddenSpan()) {
      throw TemplateException.of(
          "The chat template has {% generation %} inside a macro, a filter or another block whose text is used later, so that the assistant's tokens cannot be found. Move the tag outside.");
    }
    String text = rendering.text();
    if (rendering.spans().isEmpty()) {
      int[] ids = tokenizer.encode(text, SpecialTokens.NONE);
      return new EncodedConversation(text, ids, new boolean[ids.length]);
    }
    List<EncodedToken> tokens = tokenizer.encodeWithOffsets(text, SpecialTokens.NONE).tokens();
    int[] ids = tokens.stream().mapToInt(EncodedToken::id).toArray();
    return new EncodedConversation(text, ids, AssistantMask.of(rendering, tokens));
  }

  Rendering rendering(Conversation conversation) {
    List<Map<String, ?>> messages = new ArrayList<>();
    conversation.messages().forEach(message -> messages.add(withReasoning(message)));
    boolean isContinued = conversation.ending() == Conversation.Ending.CONTINUED;
    String last = isContinued ? markLast(messages) : "";
    Map<String, @Nullable Object> variables = new HashMap<>(specialTokens);
    variables.put("messages", messages);
    variables.put("tools", conversation.tools());
    variables.put("documents", null);
    variables.put(
        "add_generation_prompt", conversation.ending() == Conversation.Ending.GENERATION_PROMPT);
    Rendering rendering = template.render(variables, clock);
    return isContinued ? leftOpen(rendering, last) : rendering;
  }

  private static Map<String, ?> withReasoning(Map<String, ?> message) {
    Object reasoning =
        REASONING.stream().map(message::get).filter(Objects::nonNull).findFirst().orElse(null);
    if (reasoning == null) {
      return message;
    }
    Map<String, @Nullable Object> aliased = new LinkedHashMap<>();
    aliased.put("thinking", reasoning);
    aliased.putAll(message);
    aliased.put("reasoning_content", reasoning);
    return aliased;
  }

  /** Marks the end of the last message, whose text is returned. */
  private static String markLast(List<Map<String, ?>> messages) {
    Object content = messages.isEmpty() ? null : messages.get(messages.size() - 1).get("content");
    if (!(content instanceof String text)) {
      throw TemplateException.of(
          "Only a last message with a text as \"content\" can be continued. Give one, or ask for a generation prompt.");
    }
    Map<String, @Nullable Object> marked = new LinkedHashMap<>(messages.get(messages.size() - 1));
    marked.put("content", text + CONTINUATION_MARK);
    messages.set(messages.size() - 1, marked);
    return text;
  }

  private static Rendering leftOpen(Rendering rendering, String last) {
    String text = rendering.text();
    int mark = text.lastIndexOf(CONTINUATION_MARK.strip());
    if (mark < 0 || !text.contains(Spaces.stripStart(Spaces.stripEnd(last)))) {
      throw TemplateException.of(
          "The chat template does not print the last message as it is, so that it cannot be continued. Ask for a generation prompt.");
    }
    String open = text.substring(0, mark);
    // a template that strips messages took the mark's space and would take the message's
    String kept = text.startsWith(CONTINUATION_MARK, mark) ? open : Spaces.stripEnd(open);
    List<Rendering.Span> spans =
        rendering.spans().stream()
            .filter(span -> span.from() < kept.length())
            .map(span -> new Rendering.Span(span.from(), Math.min(span.to(), kept.length())))
            .toList();
    return new Rendering(kept, spans, rendering.hasHiddenSpan());
  }
}
