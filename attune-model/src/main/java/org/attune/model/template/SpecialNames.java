package org.attune.model.template;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds which of {@code caller}, {@code kwargs} and {@code varargs} a macro's body reads. */
final class SpecialNames {
  private static final Set<String> ALL = Set.of("caller", "kwargs", "varargs");

  private final Set<String> found = new HashSet<>();

  private SpecialNames() {}

  static Set<String> readBy(List<Statement> body) {
    SpecialNames names = new SpecialNames();
    body.forEach(names::read);
    return names.found;
  }

  private void read(Statement statement) {
    if (statement instanceof Statement.Print print) {
      read(print.value());
    } else if (statement instanceof Statement.If condition) {
      for (Statement.If.Branch branch : condition.branches()) {
        read(branch.test());
        branch.body().forEach(this::read);
      }
      condition.otherwise().forEach(this::read);
    } else if (statement instanceof Statement.For loop) {
      read(loop.iterable());
      if (loop.test() != null) {
        read(loop.test());
      }
      loop.body().forEach(this::read);
      loop.otherwise().forEach(this::read);
    } else if (statement instanceof Statement.Assign assign) {
      read(assign.value());
    } else if (statement instanceof Statement.AssignBlock assign) {
      if (assign.filter() != null) {
        read(assign.filter());
      }
      assign.body().forEach(this::read);
    } else if (statement instanceof Statement.FilterBlock block) {
      read(block.filter());
      block.body().forEach(this::read);
    } else if (statement instanceof Statement.With with) {
      with.values().forEach(this::read);
      with.body().forEach(this::read);
    } else if (statement instanceof Statement.DefineMacro macro) {
      read(macro.definition());
    } else if (statement instanceof Statement.CallBlock block) {
      read(block.call());
      read(block.caller());
    } else if (statement instanceof Statement.Generation generation) {
      read(generation.content());
    }
  }

  private void read(MacroDefinition macro) {
    macro.defaults().forEach(this::read);
    macro.body().forEach(this::read);
  }

  private void read(Expression expression) {
    if (expression instanceof Expression.Name name && ALL.contains(name.name())) {
      found.add(name.name());
    }
    expression.children().forEach(this::read);
  }
}
