package org.attune.model.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the variables of every block of a template.
 *
 * <p>All names of a block are known before those of the blocks in it, wherever they stand: that is
 * why each block is walked twice, first for its own names, then for the blocks inside.
 */
final class ScopeAnalysis {
  private final Scope scope;

  private ScopeAnalysis(Scope scope) {
    this.scope = scope;
  }

  static void analyze(List<Statement> template, Scope root) {
    new ScopeAnalysis(root).body(template);
  }

  private void body(List<Statement> body) {
    body.forEach(statement -> names(statement, scope));
    scope.freeze();
    body.forEach(this::inner);
  }

  private static void names(Statement statement, Scope scope) {
    if (statement instanceof Statement.Print print) {
      loads(print.value(), scope);
    } else if (statement instanceof Statement.If condition) {
      branches(condition, scope);
    } else if (statement instanceof Statement.For loop) {
      loads(loop.iterable(), scope);
    } else if (statement instanceof Statement.Assign assign) {
      loads(assign.value(), scope);
      stores(assign.target(), scope);
    } else if (statement instanceof Statement.AssignBlock assign) {
      stores(assign.target(), scope);
    } else if (statement instanceof Statement.FilterBlock block) {
      loads(block.filter(), scope);
    } else if (statement instanceof Statement.With with) {
      with.values().forEach(value -> loads(value, scope));
    } else if (statement instanceof Statement.DefineMacro macro) {
      scope.store(macro.definition().name());
    } else if (statement instanceof Statement.CallBlock block) {
      loads(block.call(), scope);
    }
  }

  private static void branches(Statement.If condition, Scope scope) {
    // the first test is read in any case; those that follow are one branch together
    Statement.If.Branch first = condition.branches().get(0);
    loads(first.test(), scope);
    Scope then = scope.branch();
    first.body().forEach(statement -> names(statement, then));
    Scope elseIf = scope.branch();
    for (Statement.If.Branch branch :
        condition.branches().subList(1, condition.branches().size())) {
      branches(new Statement.If(List.of(branch), List.of(), condition.line()), elseIf);
    }
    Scope otherwise = scope.branch();
    condition.otherwise().forEach(statement -> names(statement, otherwise));
    scope.merge(List.of(then, elseIf, otherwise));
  }

  private static void loads(@Nullable Expression expression, Scope scope) {
    if (expression instanceof Expression.Name name) {
      scope.load(name.name());
    } else if (expression != null) {
      expression.children().forEach(child -> loads(child, scope));
    }
  }

  private static void stores(Target target, Scope scope) {
    if (target instanceof Target.Variable variable) {
      scope.store(variable.name());
    } else if (target instanceof Target.NamespaceAttribute attribute) {
      scope.load(attribute.namespace());
    } else if (target instanceof Target.Unpacked unpacked) {
      unpacked.targets().forEach(each -> stores(each, scope));
    }
  }

  private static void declares(Target target, Scope scope) {
    if (target instanceof Target.Variable variable) {
      scope.declare(variable.name());
    } else if (target instanceof Target.Unpacked unpacked) {
      unpacked.targets().forEach(each -> declares(each, scope));
    }
  }

  private void inner(Statement statement) {
    if (statement instanceof Statement.If condition) {
      condition.branches().forEach(branch -> branch.body().forEach(this::inner));
      condition.otherwise().forEach(this::inner);
    } else if (statement instanceof Statement.For loop) {
      loop(loop);
    } else if (statement instanceof Statement.AssignBlock assign) {
      inside(assign.scope(), assign.body(), assign.filter(), List.of());
    } else if (statement instanceof Statement.FilterBlock block) {
      inside(block.scope(), block.body(), block.filter(), List.of());
    } else if (statement instanceof Statement.With with) {
      inside(with.scope(), with.body(), null, with.targets());
    } else if (statement instanceof Statement.DefineMacro macro) {
      macro(macro.definition());
    } else if (statement instanceof Statement.CallBlock block) {
      macro(block.caller());
    } else if (statement instanceof Statement.Generation generation) {
      macro(generation.content());
    }
  }

  private void loop(Statement.For loop) {
    Scope test = loop.testScope();
    test.parent(scope);
    declares(loop.target(), test);
    loads(loop.test(), test);
    test.freeze();
    Scope body = loop.scope();
    body.declare("loop");
    inside(body, loop.body(), null, List.of(loop.target()));
    inside(loop.otherwiseScope(), loop.otherwise(), null, List.of());
  }

  private void macro(MacroDefinition macro) {
    Scope own = macro.scope();
    List<Target> parameters = new ArrayList<>();
    macro.parameters().forEach(name -> parameters.add(new Target.Variable(name)));
    macro.special().forEach(name -> parameters.add(new Target.Variable(name)));
    own.parent(scope);
    parameters.forEach(parameter -> declares(parameter, own));
    macro.defaults().forEach(value -> loads(value, own));
    new ScopeAnalysis(own).body(macro.body());
  }

  private void inside(
      Scope inner, List<Statement> body, @Nullable Expression filter, List<Target> parameters) {
    inner.parent(scope);
    parameters.forEach(parameter -> declares(parameter, inner));
    if (filter != null) {
      loads(filter, inner);
    }
    new ScopeAnalysis(inner).body(body);
  }
}
