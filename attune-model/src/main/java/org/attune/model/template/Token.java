package org.attune.model.template;

/** A token of a template: for a string its value, else its spelling. */
record Token(TokenKind kind, String text, int line) {
  boolean is(TokenKind other, String spelling) {
    return kind == other && text.equals(spelling);
  }

  boolean isName(String name) {
    return is(TokenKind.NAME, name);
  }

  boolean isOperator(String operator) {
    return is(TokenKind.OPERATOR, operator);
  }

  /** The token as an error message names it. */
  String described() {
    return switch (kind) {
      case TEXT -> "text";
      case PRINT_BEGIN -> "{{";
      case PRINT_END -> "}}";
      case BLOCK_BEGIN -> "{%";
      case BLOCK_END -> "%}";
      case STRING -> "the string \"" + text + "\"";
      case END -> "the end of the template";
      default -> "\"" + text + "\"";
    };
  }
}
