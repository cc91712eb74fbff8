package org.attune.model.template;

import java.util.List;

/** The tokens of a template, one after the other. */
final class TokenStream {
  /** Deeper nesting would need too much of the stack to evaluate; Python refuses it as well. */
  private static final int MAX_NESTING = 100;

  private final List<Token> tokens;
  private int at;
  private int nesting;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  /** The token after the current one. */
  Token look() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  /** The current token, and moves on. */
  Token next() {
    Token token = current();
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  int line() {
    return current().line();
  }

  boolean atOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean atName(String name) {
    return current().isName(name);
  }

  boolean skipOperator(String operator) {
    boolean found = atOperator(operator);
    if (found) {
      next();
    }
    return found;
  }

  boolean skipName(String name) {
    boolean found = atName(name);
    if (found) {
      next();
    }
    return found;
  }

  Token expect(TokenKind kind, String what) {
    if (current().kind() != kind) {
      throw unexpected(what);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("\"" + operator + "\"");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("\"" + name + "\"");
    }
  }

  void enter() {
    if (++nesting > MAX_NESTING) {
      throw TemplateException.at(
          line(), "it is nested more than %d levels deep.".formatted(MAX_NESTING));
    }
  }

  void leave() {
    nesting--;
  }

  TemplateException unexpected(String wanted) {
    return TemplateException.at(
        line(), "%s stands where %s is expected.".formatted(current().described(), wanted));
  }
}
