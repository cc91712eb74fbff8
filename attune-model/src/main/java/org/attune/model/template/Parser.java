package org.attune.model.template;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the statements of a template. */
final class Parser {
  private static final Set<String> UNSUPPORTED =
      Set.of("autoescape", "block", "extends", "from", "import", "include");

  private final TokenStream tokens;
  private final ExpressionParser expressions;

  /** Loops around the current place that {@code break} can leave. */
  private int breakable;

  /** Loops around the current place, macros between them or not. */
  private int loops;

  private Parser(String template) {
    tokens = new TokenStream(Lexer.tokens(template));
    expressions = new ExpressionParser(tokens);
  }

  private boolean hasGeneration;

  /** A template's statements and the scope of the outermost ones. */
  record Parsed(List<Statement> body, Scope scope, boolean hasGeneration) {}

  static Parsed parse(String template) {
    Parser parser = new Parser(template);
    List<Statement> body = parser.body(Set.of());
    Scope scope = new Scope();
    ScopeAnalysis.analyze(body, scope);
    return new Parsed(body, scope, parser.hasGeneration);
  }

  /** Statements up to a tag that begins with one of {@code ends}, whose name is current then. */
  private List<Statement> body(Set<String> ends) {
    tokens.enter();
    List<Statement> body = new ArrayList<>();
    while (true) {
      Token token = tokens.next();
      switch (token.kind()) {
        case TEXT -> body.add(new Statement.Text(token.text(), token.line()));
        case PRINT_BEGIN -> {
          body.add(new Statement.Print(expressions.tuple(true, false, ""), token.line()));
          tokens.expect(TokenKind.PRINT_END, "}}");
        }
        case BLOCK_BEGIN -> {
          if (tokens.current().kind() == TokenKind.NAME && ends.contains(tokens.current().text())) {
            tokens.leave();
            return List.copyOf(body);
          }
          body.add(statement());
          tokens.expect(TokenKind.BLOCK_END, "%}");
        }
        default -> {
          if (!ends.isEmpty()) {
            throw TemplateException.at(
                token.line(), "the template ends before {%% %s %%}.".formatted(shown(ends)));
          }
          tokens.leave();
          return List.copyOf(body);
        }
      }
    }
  }

  /** The body of a tag, from the tag's end on. */
  private List<Statement> bodyAfterTag(String... ends) {
    tokens.skipOperator(":");
    tokens.expect(TokenKind.BLOCK_END, "%}");
    return body(Set.of(ends));
  }

  private List<Statement> wholeBody(String end) {
    List<Statement> body = bodyAfterTag(end);
    tokens.next();
    return body;
  }

  private Statement statement() {
    Token tag = tokens.expect(TokenKind.NAME, "a tag's name");
    int line = tag.line();
    return switch (tag.text()) {
      case "if" -> condition(line);
      case "for" -> loop(line);
      case "set" -> assignment(line);
      case "macro" -> macro(line);
      case "call" -> call(line);
      case "filter" ->
          new Statement.FilterBlock(blockFilter(), wholeBody("endfilter"), new Scope(), line);
      case "with" -> with(line);
      case "print" -> new Statement.Print(printed(), line);
      case "generation" -> {
        hasGeneration = true;
        yield new Statement.Generation(
            isolated("generation", List.of(), List.of(), "endgeneration"), line);
      }
      case "break", "continue" -> jump(tag);
      default -> throw unknown(tag);
    };
  }

  private Expression printed() {
    List<Expression> values = new ArrayList<>();
    while (tokens.current().kind() != TokenKind.BLOCK_END) {
      if (!values.isEmpty()) {
        tokens.expectOperator(",");
      }
      values.add(expressions.expression());
    }
    return new Expression.Concatenation(List.copyOf(values));
  }

  private static TemplateException unknown(Token tag) {
    return TemplateException.at(
        tag.line(),
        UNSUPPORTED.contains(tag.text())
            ? "{%% %s %%} is not supported: a chat template stands alone.".formatted(tag.text())
            : "there is no tag \"%s\" here.".formatted(tag.text()));
  }

  private Statement jump(Token tag) {
    if (breakable == 0) {
      throw TemplateException.at(tag.line(), "{%% %s %%} is in no loop.".formatted(tag.text()));
    }
    return tag.text().equals("break")
        ? new Statement.Break(tag.line())
        : new Statement.Continue(tag.line());
  }

  private Statement condition(int line) {
    List<Statement.If.Branch> branches = new ArrayList<>();
    while (true) {
      Expression test = expressions.tuple(false, false, "");
      List<Statement> body = bodyAfterTag("elif", "else", "endif");
      branches.add(new Statement.If.Branch(test, body));
      Token end = tokens.next();
      if (end.isName("endif")) {
        return new Statement.If(List.copyOf(branches), List.of(), line);
      }
      if (end.isName("else")) {
        return new Statement.If(List.copyOf(branches), wholeBody("endif"), line);
      }
    }
  }

  private Statement loop(int line) {
    loops++;
    Target target = target("in", false);
    tokens.expectName("in");
    Expression iterable = expressions.tuple(false, false, "recursive");
    Expression test = tokens.skipName("if") ? expressions.expression() : null;
    boolean isRecursive = tokens.skipName("recursive");
    breakable++;
    List<Statement> body = bodyAfterTag("endfor", "else");
    breakable--;
    List<Statement> otherwise = tokens.next().isName("else") ? wholeBody("endfor") : List.of();
    loops--;
    return new Statement.For(
        target,
        iterable,
        test,
        new Scope(),
        isRecursive,
        body,
        new Scope(),
        otherwise,
        new Scope(),
        line);
  }

  private Statement assignment(int line) {
    Target target = target("", true);
    if (tokens.skipOperator("=")) {
      return new Statement.Assign(target, expressions.tuple(true, false, ""), line);
    }
    Expression.Filter filter = null;
    while (tokens.skipOperator("|")) {
      filter = expressions.filter(filter);
    }
    return new Statement.AssignBlock(target, filter, wholeBody("endset"), new Scope(), line);
  }

  private Expression.Filter blockFilter() {
    Expression.Filter filter = expressions.filter(null);
    while (tokens.skipOperator("|")) {
      filter = expressions.filter(filter);
    }
    return filter;
  }

  private Statement with(int line) {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (tokens.current().kind() != TokenKind.BLOCK_END) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(target("", false));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Statement.With(
        List.copyOf(targets), List.copyOf(values), wholeBody("endwith"), new Scope(), line);
  }

  private Statement macro(int line) {
    String name = variable(tokens.expect(TokenKind.NAME, "the macro's name"));
    List<String> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    signature(parameters, defaults);
    return new Statement.DefineMacro(isolated(name, parameters, defaults, "endmacro"), line);
  }

  private Statement call(int line) {
    List<String> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    if (tokens.atOperator("(")) {
      signature(parameters, defaults);
    }
    if (!(expressions.expression() instanceof Expression.Call call)) {
      throw TemplateException.at(line, "{% call %} must call a macro.");
    }
    return new Statement.CallBlock(call, isolated("caller", parameters, defaults, "endcall"), line);
  }

  private void signature(List<String> parameters, List<Expression> defaults) {
    tokens.expectOperator("(");
    while (!tokens.atOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      Token parameter = tokens.expect(TokenKind.NAME, "a parameter's name");
      parameters.add(variable(parameter));
      if (tokens.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw TemplateException.at(
            parameter.line(),
            "the parameter \"%s\" needs a default, as one before it has."
                .formatted(parameter.text()));
      }
    }
    tokens.next();
  }

  /** A body that loops around it cannot be left from. */
  private MacroDefinition isolated(
      String name, List<String> parameters, List<Expression> defaults, String end) {
    int outside = breakable;
    breakable = 0;
    int line = tokens.line();
    List<Statement> body = wholeBody(end);
    breakable = outside;
    Set<String> special = new HashSet<>(SpecialNames.readBy(body));
    int caller = parameters.indexOf("caller");
    if (special.contains("caller") && caller >= 0 && caller < parameters.size() - defaults.size()) {
      throw TemplateException.at(line, "the parameter \"caller\" needs a default.");
    }
    parameters.forEach(special::remove);
    return new MacroDefinition(
        name, List.copyOf(parameters), List.copyOf(defaults), special, body, new Scope());
  }

  private Target target(String end, boolean allowsNamespace) {
    List<Target> targets = new ArrayList<>();
    boolean isTuple = false;
    while (!(isTuple && endsTarget(end))) {
      targets.add(single(allowsNamespace));
      if (!tokens.skipOperator(",")) {
        break;
      }
      isTuple = true;
    }
    return isTuple ? new Target.Unpacked(List.copyOf(targets)) : targets.get(0);
  }

  private boolean endsTarget(String end) {
    Token token = tokens.current();
    return token.kind() == TokenKind.BLOCK_END
        || token.isOperator("=")
        || token.isOperator(")")
        || (!end.isEmpty() && token.isName(end));
  }

  private Target single(boolean allowsNamespace) {
    if (tokens.skipOperator("(")) {
      tokens.enter();
      Target inner = target("", allowsNamespace);
      tokens.leave();
      tokens.expectOperator(")");
      return inner;
    }
    Token name = tokens.expect(TokenKind.NAME, "a variable's name");
    if (allowsNamespace && tokens.skipOperator(".")) {
      String attribute = tokens.expect(TokenKind.NAME, "an attribute's name").text();
      return new Target.NamespaceAttribute(name.text(), attribute);
    }
    return new Target.Variable(variable(name));
  }

  private String variable(Token name) {
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name.text())) {
      throw TemplateException.at(
          name.line(), "\"%s\" is a constant and cannot be assigned.".formatted(name.text()));
    }
    if (loops > 0 && name.text().equals("loop")) {
      throw TemplateException.at(name.line(), "\"loop\" is the loop's own and cannot be assigned.");
    }
    return name.text();
  }

  private static String shown(Set<String> ends) {
    return ends.stream().filter(end -> end.startsWith("end")).findFirst().orElse("end");
  }
}
