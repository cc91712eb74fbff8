package org.attune.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions; each method reads one level of precedence, the loosest first. */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> AFTER_TEST = Set.of("else", "or", "and");

  private final TokenStream tokens;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  Expression expression() {
    tokens.enter();
    Expression value = or();
    int conditions = 0;
    while (tokens.skipName("if")) {
      Expression test = or();
      Expression otherwise = tokens.skipName("else") ? expression() : null;
      value = new Expression.Conditional(test, value, otherwise);
      conditions = deeper(conditions);
    }
    tokens.leave();
    return value;
  }

  /** An expression, or several with commas between them: a tuple. */
  Expression tuple(boolean allowsCondition, boolean allowsEmpty, String end) {
    List<Expression> items = new ArrayList<>();
    boolean isTuple = false;
    while (true) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (endsTuple(end)) {
        break;
      }
      items.add(allowsCondition ? expression() : nestedOr());
      if (!tokens.atOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (isTuple || (items.isEmpty() && allowsEmpty)) {
      return new Expression.TupleOf(List.copyOf(items));
    }
    if (items.isEmpty()) {
      throw tokens.unexpected("an expression");
    }
    return items.get(0);
  }

  private boolean endsTuple(String end) {
    Token token = tokens.current();
    return token.kind() == TokenKind.PRINT_END
        || token.kind() == TokenKind.BLOCK_END
        || token.isOperator(")")
        || (!end.isEmpty() && token.isName(end));
  }

  private Expression nestedOr() {
    tokens.enter();
    Expression value = or();
    tokens.leave();
    return value;
  }

  private Expression or() {
    Expression left = and();
    for (int n = 0; tokens.skipName("or"); n = deeper(n)) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    for (int n = 0; tokens.skipName("and"); n = deeper(n)) {
      left = new Expression.And(left, not());
    }
    return left;
  }

  private Expression not() {
    if (!tokens.atName("not")) {
      return comparison();
    }
    tokens.enter();
    tokens.next();
    Expression value = new Expression.Not(not());
    tokens.leave();
    return value;
  }

  private Expression comparison() {
    int line = tokens.line();
    Expression first = sum();
    List<Expression> operands = new ArrayList<>(List.of(first));
    List<String> operators = new ArrayList<>();
    while (true) {
      Token token = tokens.current();
      if (token.kind() == TokenKind.OPERATOR && COMPARISONS.contains(token.text())) {
        tokens.next();
        operators.add(token.text());
      } else if (tokens.skipName("in")) {
        operators.add("in");
      } else if (token.isName("not") && tokens.look().isName("in")) {
        tokens.next();
        tokens.next();
        operators.add("not in");
      } else {
        return operators.isEmpty()
            ? first
            : new Expression.Comparison(List.copyOf(operands), List.copyOf(operators), line);
      }
      operands.add(sum());
    }
  }

  private Expression sum() {
    Expression left = concatenation();
    for (int n = 0; tokens.atOperator("+") || tokens.atOperator("-"); n = deeper(n)) {
      Token operator = tokens.next();
      left = new Expression.Binary(operator.text(), left, concatenation(), operator.line());
    }
    return left;
  }

  private Expression concatenation() {
    Expression first = product();
    if (!tokens.atOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new Expression.Concatenation(List.copyOf(parts));
  }

  private Expression product() {
    Expression left = power();
    for (int n = 0; atProduct(); n = deeper(n)) {
      Token operator = tokens.next();
      left = new Expression.Binary(operator.text(), left, power(), operator.line());
    }
    return left;
  }

  private boolean atProduct() {
    return tokens.atOperator("*")
        || tokens.atOperator("/")
        || tokens.atOperator("//")
        || tokens.atOperator("%");
  }

  private Expression power() {
    Expression left = unary(true);
    for (int n = 0; tokens.atOperator("**"); n = deeper(n)) {
      Token operator = tokens.next();
      left = new Expression.Binary("**", left, unary(true), operator.line());
    }
    return left;
  }

  private Expression unary(boolean withFilters) {
    tokens.enter();
    Expression value;
    if (tokens.atOperator("-") || tokens.atOperator("+")) {
      String operator = tokens.next().text();
      value = new Expression.Sign(operator, unary(false));
    } else {
      value = primary();
    }
    value = postfix(value);
    value = withFilters ? filters(value) : value;
    tokens.leave();
    return value;
  }

  Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token.text());
      case STRING -> {
        StringBuilder text = new StringBuilder(token.text());
        while (tokens.current().kind() == TokenKind.STRING) {
          text.append(tokens.next().text());
        }
        yield new Expression.Constant(text.toString());
      }
      case INTEGER -> new Expression.Constant(integer(token.text()));
      case FLOAT -> new Expression.Constant(Double.parseDouble(token.text()));
      case OPERATOR -> bracketed(token);
      default -> throw unexpected(token);
    };
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Expression.Constant(true);
      case "false", "False" -> new Expression.Constant(false);
      case "none", "None" -> new Expression.Constant(None.NONE);
      default -> new Expression.Name(name);
    };
  }

  private static Object integer(String digits) {
    int radix =
        digits.length() < 2
            ? 10
            : switch (Character.toLowerCase(digits.charAt(1))) {
              case 'x' -> 16;
              case 'o' -> 8;
              case 'b' -> 2;
              default -> 10;
            };
    return Numbers.of(new BigInteger(radix == 10 ? digits : digits.substring(2), radix));
  }

  private Expression bracketed(Token token) {
    switch (token.text()) {
      case "(" -> {
        Expression value = tuple(true, true, "");
        tokens.expectOperator(")");
        return value;
      }
      case "[" -> {
        List<Expression> items = new ArrayList<>();
        while (!tokens.atOperator("]")) {
          items.add(expression());
          if (!tokens.atOperator("]")) {
            tokens.expectOperator(",");
          }
        }
        tokens.next();
        return new Expression.ListOf(List.copyOf(items));
      }
      case "{" -> {
        return dictionary();
      }
      default -> throw unexpected(token);
    }
  }

  private Expression dictionary() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.atOperator("}")) {
      keys.add(expression());
      tokens.expectOperator(":");
      values.add(expression());
      if (!tokens.atOperator("}")) {
        tokens.expectOperator(",");
      }
    }
    tokens.next();
    return new Expression.DictionaryOf(List.copyOf(keys), List.copyOf(values));
  }

  private Expression postfix(Expression start) {
    Expression value = start;
    for (int n = 0; ; n = deeper(n)) {
      if (tokens.atOperator(".") || tokens.atOperator("[")) {
        value = subscript(value);
      } else if (tokens.atOperator("(")) {
        int line = tokens.line();
        value = new Expression.Call(value, arguments(), line);
      } else {
        return value;
      }
    }
  }

  private Expression subscript(Expression object) {
    Token token = tokens.next();
    if (token.isOperator(".")) {
      Token attribute = tokens.next();
      return switch (attribute.kind()) {
        case NAME -> new Expression.Attribute(object, attribute.text(), token.line());
        case INTEGER ->
            new Expression.Item(
                object, new Expression.Constant(integer(attribute.text())), token.line());
        default -> throw unexpected(attribute);
      };
    }
    List<Expression> indices = new ArrayList<>();
    while (!tokens.atOperator("]")) {
      if (!indices.isEmpty()) {
        tokens.expectOperator(",");
      }
      indices.add(index());
    }
    tokens.next();
    Expression index =
        indices.size() == 1 ? indices.get(0) : new Expression.TupleOf(List.copyOf(indices));
    return new Expression.Item(object, index, token.line());
  }

  private Expression index() {
    Expression from = null;
    if (!tokens.atOperator(":")) {
      from = expression();
      if (!tokens.atOperator(":")) {
        return from;
      }
    }
    tokens.next();
    Expression to = atBound() ? expression() : null;
    Expression step = null;
    if (tokens.skipOperator(":")) {
      step = atBound() ? expression() : null;
    }
    return new Expression.Slice(from, to, step);
  }

  private boolean atBound() {
    return !tokens.atOperator(":") && !tokens.atOperator("]") && !tokens.atOperator(",");
  }

  private Expression filters(Expression start) {
    Expression value = start;
    for (int n = 0; ; n = deeper(n)) {
      if (tokens.skipOperator("|")) {
        value = filter(value);
      } else if (tokens.atName("is")) {
        value = test(value);
      } else if (tokens.atOperator("(")) {
        int line = tokens.line();
        value = new Expression.Call(value, arguments(), line);
      } else {
        return value;
      }
    }
  }

  /** One filter, from its name on. */
  Expression.Filter filter(@Nullable Expression input) {
    int line = tokens.line();
    String name = dottedName();
    Arguments arguments = tokens.atOperator("(") ? arguments() : Arguments.NONE;
    return new Expression.Filter(input, name, arguments, line);
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(tokens.expect(TokenKind.NAME, "a name").text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(TokenKind.NAME, "a name").text());
    }
    return name.toString();
  }

  private Expression test(Expression input) {
    int line = tokens.next().line();
    boolean isNegated = tokens.skipName("not");
    String name = dottedName();
    Arguments arguments = Arguments.NONE;
    if (tokens.atOperator("(")) {
      arguments = arguments();
    } else if (atTestArgument()) {
      if (tokens.atName("is")) {
        throw TemplateException.at(line, "tests with \"is\" cannot be chained. Use \"and\".");
      }
      arguments = Arguments.of(postfix(primary()));
    }
    Expression test = new Expression.Test(input, name, arguments, line);
    return isNegated ? new Expression.Not(test) : test;
  }

  private boolean atTestArgument() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> !AFTER_TEST.contains(token.text());
      case STRING, INTEGER, FLOAT -> true;
      default -> token.isOperator("[") || token.isOperator("{");
    };
  }

  Arguments arguments() {
    tokens.enter();
    int line = tokens.line();
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    List<Arguments.Named> named = new ArrayList<>();
    Expression spread = null;
    Expression spreadNamed = null;
    boolean isLegal = true;
    while (!tokens.atOperator(")")) {
      if (tokens.skipOperator("*")) {
        isLegal &= spread == null && spreadNamed == null;
        spread = expression();
      } else if (tokens.skipOperator("**")) {
        isLegal &= spreadNamed == null;
        spreadNamed = expression();
      } else if (tokens.current().kind() == TokenKind.NAME && tokens.look().isOperator("=")) {
        isLegal &= spreadNamed == null;
        String name = tokens.next().text();
        tokens.next();
        named.add(new Arguments.Named(name, expression()));
      } else {
        isLegal &= spread == null && spreadNamed == null && named.isEmpty();
        positional.add(expression());
      }
      if (!tokens.atOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    tokens.next();
    if (!isLegal) {
      throw TemplateException.at(
          line, "the arguments of a call must be positional, then named, then spread.");
    }
    tokens.leave();
    return new Arguments(List.copyOf(positional), List.copyOf(named), spread, spreadNamed);
  }

  /** A chain of operators nests to the left: it costs stack without any bracket. */
  private int deeper(int links) {
    if (links >= Limits.MAX_CHAIN) {
      throw TemplateException.at(
          tokens.line(), "more than %d operators follow one another.".formatted(Limits.MAX_CHAIN));
    }
    return links + 1;
  }

  private static TemplateException unexpected(Token token) {
    return TemplateException.at(
        token.line(), token.described() + " stands where an expression is expected.");
  }
}
