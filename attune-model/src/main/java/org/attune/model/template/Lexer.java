package org.attune.model.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a template into tokens.
 *
 * <p>White space goes as in transformers' environment: the line end after a block or comment and
 * the indent before one are dropped ({@code trim_blocks}, {@code lstrip_blocks}), as is one line
 * end at the end of the template.
 */
final class Lexer {
  private static final String SPACE =
      "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*";
  private static final Pattern RAW_BEGIN =
      Pattern.compile("\\{%([-+]?)" + SPACE + "raw" + SPACE + "(?:-%}" + SPACE + "|%})");
  private static final Pattern RAW_END =
      Pattern.compile(
          "\\{%([-+]?)" + SPACE + "endraw" + SPACE + "(?:\\+%}|-%}" + SPACE + "|%}\\n?)");
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{Nl}\\p{Mn}\\p{Mc}\\p{Nd}\\p{Pc}]+");
  private static final Pattern STRING =
      Pattern.compile(
          "'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"",
          Pattern.DOTALL);
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+*/%~\\[\\](){}<>=.:|,;]");
  private static final Pattern LINE_END = Pattern.compile("\\r\\n|\\r");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int lineCountedTo;
  private boolean startsLine = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String template) {
    String lines = LINE_END.matcher(template).replaceAll("\n");
    Lexer lexer = new Lexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines);
    lexer.read();
    return lexer.tokens;
  }

  private void read() {
    while (at < source.length()) {
      int begin = nextTag();
      if (begin < 0) {
        add(TokenKind.TEXT, source.substring(at), at);
        at = source.length();
        break;
      }
      Matcher raw = RAW_BEGIN.matcher(source).region(begin, source.length());
      if (raw.lookingAt()) {
        text(begin, raw.group(1), true);
        advance(raw.end());
        readRaw();
      } else {
        char kind = source.charAt(begin + 1);
        int after = begin + 2;
        String sign =
            after < source.length() && "-+".indexOf(source.charAt(after)) >= 0
                ? source.substring(after, after + 1)
                : "";
        text(begin, sign, kind != '{');
        advance(after + sign.length());
        switch (kind) {
          case '#' -> skipComment(begin);
          case '%' -> readTag(TokenKind.BLOCK_BEGIN, TokenKind.BLOCK_END, "%}", begin);
          default -> readTag(TokenKind.PRINT_BEGIN, TokenKind.PRINT_END, "}}", begin);
        }
      }
    }
    add(TokenKind.END, "", source.length());
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "%{#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** The text up to a tag, without the white space that the tag takes. */
  private void text(int end, String sign, boolean takesIndent) {
    String text = source.substring(at, end);
    if (sign.equals("-")) {
      text = Spaces.stripEnd(text);
    } else if (sign.isEmpty() && takesIndent) {
      int lineStart = text.lastIndexOf('\n') + 1;
      if ((lineStart > 0 || startsLine) && Spaces.isBlank(text, lineStart)) {
        text = text.substring(0, lineStart);
      }
    }
    if (!text.isEmpty()) {
      add(TokenKind.TEXT, text, at);
    }
  }

  private void readRaw() {
    Matcher end = RAW_END.matcher(source);
    if (!end.find(at)) {
      throw TemplateException.at(lineOf(at), "{% raw %} has no {% endraw %}.");
    }
    text(end.start(), end.group(1), true);
    advance(end.end());
  }

  private void skipComment(int begin) {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw TemplateException.at(lineOf(begin), "the comment has no end. Close it with #}.");
    }
    advance(afterTag(end > at ? source.charAt(end - 1) : ' ', end + 2, true));
  }

  private int afterTag(char sign, int end, boolean takesLineEnd) {
    if (sign == '-') {
      return Spaces.skip(source, end);
    }
    return takesLineEnd && sign != '+' && source.startsWith("\n", end) ? end + 1 : end;
  }

  private void readTag(TokenKind begin, TokenKind end, String mark, int from) {
    add(begin, "", from);
    boolean isBlock = end == TokenKind.BLOCK_END;
    Deque<Character> open = new ArrayDeque<>();
    while (true) {
      at = Spaces.skip(source, at);
      if (at >= source.length()) {
        throw TemplateException.at(lineOf(from), "the tag has no end. Close it with " + mark + ".");
      }
      char sign = source.charAt(at);
      boolean isSigned = sign == '-' || (isBlock && sign == '+');
      if (open.isEmpty() && source.startsWith(mark, isSigned ? at + 1 : at)) {
        add(end, "", at);
        advance(afterTag(isSigned ? sign : ' ', at + (isSigned ? 3 : 2), isBlock));
        return;
      }
      readExpressionToken(open);
    }
  }

  private void readExpressionToken(Deque<Character> open) {
    String number = match(FLOAT);
    if (number != null) {
      add(TokenKind.FLOAT, number.replace("_", ""), at);
      at += number.length();
      return;
    }
    String integer = match(INTEGER);
    if (integer != null) {
      add(TokenKind.INTEGER, integer.replace("_", ""), at);
      at += integer.length();
      return;
    }
    String name = match(NAME);
    if (name != null) {
      if (!Character.isUnicodeIdentifierStart(name.codePointAt(0)) && name.charAt(0) != '_') {
        throw TemplateException.at(lineOf(at), "\"" + name + "\" is no name.");
      }
      add(TokenKind.NAME, name, at);
      at += name.length();
      return;
    }
    String quoted = match(STRING);
    if (quoted != null) {
      add(TokenKind.STRING, Escapes.read(quoted.substring(1, quoted.length() - 1), lineOf(at)), at);
      at += quoted.length();
      return;
    }
    String operator = match(OPERATOR);
    if (operator == null) {
      throw TemplateException.at(
          lineOf(at), "\"" + Character.toString(source.codePointAt(at)) + "\" is not expected.");
    }
    balance(operator.charAt(0), open);
    add(TokenKind.OPERATOR, operator, at);
    at += operator.length();
  }

  private void balance(char bracket, Deque<Character> open) {
    switch (bracket) {
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '{' -> open.push('}');
      case ')', ']', '}' -> {
        if (open.isEmpty() || open.pop() != bracket) {
          throw TemplateException.at(lineOf(at), "\"" + bracket + "\" closes nothing.");
        }
      }
      default -> {}
    }
  }

  private @Nullable String match(Pattern pattern) {
    Matcher matcher =
        pattern.matcher(source).region(at, source.length()).useTransparentBounds(true);
    return matcher.lookingAt() ? matcher.group() : null;
  }

  private void advance(int to) {
    startsLine = to > at && source.charAt(to - 1) == '\n';
    at = to;
  }

  private void add(TokenKind kind, String text, int from) {
    tokens.add(new Token(kind, text, lineOf(from)));
  }

  private int lineOf(int position) {
    for (; lineCountedTo < position; lineCountedTo++) {
      if (source.charAt(lineCountedTo) == '\n') {
        line++;
      }
    }
    return line;
  }
}
