package org.attune.model.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of a template. Those with a body of their own have the scope of its variables. */
sealed interface Statement {
  int line();

  record Text(String text, int line) implements Statement {}

  record Print(Expression value, int line) implements Statement {}

  record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {
    record Branch(Expression test, List<Statement> body) {}
  }

  record For(
      Target target,
      Expression iterable,
      @Nullable Expression test,
      Scope testScope,
      boolean isRecursive,
      List<Statement> body,
      Scope scope,
      List<Statement> otherwise,
      Scope otherwiseScope,
      int line)
      implements Statement {}

  record Break(int line) implements Statement {}

  record Continue(int line) implements Statement {}

  record Assign(Target target, Expression value, int line) implements Statement {}

  record AssignBlock(
      Target target,
      Expression.@Nullable Filter filter,
      List<Statement> body,
      Scope scope,
      int line)
      implements Statement {}

  record FilterBlock(Expression.Filter filter, List<Statement> body, Scope scope, int line)
      implements Statement {}

  record With(
      List<Target> targets, List<Expression> values, List<Statement> body, Scope scope, int line)
      implements Statement {}

  record DefineMacro(MacroDefinition definition, int line) implements Statement {}

  record CallBlock(Expression.Call call, MacroDefinition caller, int line) implements Statement {}

  /** What the assistant wrote. */
  record Generation(MacroDefinition content, int line) implements Statement {}
}
