package org.attune.model.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Renders a template once. */
final class Renderer {
  /** What comes after a statement. */
  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  private final Budget budget;
  private final Variables given;
  private final Evaluator evaluator;
  private final StringBuilder text = new StringBuilder();
  private final List<Rendering.Span> spans = new ArrayList<>();
  private boolean hasHiddenSpan;
  private int line = 1;

  Renderer(Budget budget, Variables given) {
    this.budget = budget;
    this.given = given;
    evaluator = new Evaluator(this);
  }

  Budget budget() {
    return budget;
  }

  /** Notes the place in the template, for errors. */
  void at(int current) {
    line = current;
  }

  int line() {
    return line;
  }

  Rendering render(List<Statement> template, Scope scope) {
    body(template, Frame.enter(scope, null, given), text);
    return new Rendering(text.toString(), List.copyOf(spans), hasHiddenSpan);
  }

  private Flow body(List<Statement> statements, Frame frame, StringBuilder out) {
    for (Statement statement : statements) {
      budget.enter();
      line = statement.line();
      Flow flow = statement(statement, frame, out);
      budget.leave();
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private void append(String more, StringBuilder out) {
    budget.size(more.length());
    out.append(more);
    budget.length(out.length());
  }

  private Flow statement(Statement statement, Frame frame, StringBuilder out) {
    if (statement instanceof Statement.Text literal) {
      append(literal.text(), out);
    } else if (statement instanceof Statement.Print print) {
      append(Text.of(evaluator.value(print.value(), frame)), out);
    } else if (statement instanceof Statement.If condition) {
      return condition(condition, frame, out);
    } else if (statement instanceof Statement.Assign assign) {
      assign(assign.target(), evaluator.value(assign.value(), frame), frame);
    } else if (statement instanceof Statement.For loop) {
      Object items = evaluator.value(loop.iterable(), frame);
      if (loop.isRecursive()) {
        append(recursive(loop, items, frame, 0), out);
      } else {
        return loop(loop, items, frame, out, 0);
      }
    } else if (statement instanceof Statement.Break) {
      return Flow.BREAK;
    } else if (statement instanceof Statement.Continue) {
      return Flow.CONTINUE;
    } else {
      return rarer(statement, frame, out);
    }
    return Flow.ON;
  }

  private Flow rarer(Statement statement, Frame frame, StringBuilder out) {
    if (statement instanceof Statement.AssignBlock block) {
      Frame inner = Frame.enter(block.scope(), frame, given);
      StringBuilder content = new StringBuilder();
      Flow flow = body(block.body(), inner, content);
      if (flow != Flow.ON) {
        return flow;
      }
      Object value = content.toString();
      if (block.filter() != null) {
        value = evaluator.filtered(block.filter(), inner, value);
      }
      assign(block.target(), value, frame);
    } else if (statement instanceof Statement.FilterBlock block) {
      Frame inner = Frame.enter(block.scope(), frame, given);
      StringBuilder content = new StringBuilder();
      Flow flow = body(block.body(), inner, content);
      if (flow != Flow.ON) {
        return flow;
      }
      append(Text.of(evaluator.filtered(block.filter(), inner, content.toString())), out);
    } else if (statement instanceof Statement.With with) {
      Frame inner = Frame.enter(with.scope(), frame, given);
      for (int i = 0; i < with.targets().size(); i++) {
        assign(with.targets().get(i), evaluator.value(with.values().get(i), frame), inner);
      }
      return body(with.body(), inner, out);
    } else if (statement instanceof Statement.DefineMacro macro) {
      frame.set(macro.definition().name(), new Macro(macro.definition(), frame, this));
    } else if (statement instanceof Statement.CallBlock block) {
      Macro caller = new Macro(block.caller(), frame, this);
      append(Text.of(evaluator.call(block.call(), frame, caller)), out);
    } else if (statement instanceof Statement.Generation generation) {
      generation(generation, frame, out);
    }
    return Flow.ON;
  }

  private void generation(Statement.Generation generation, Frame frame, StringBuilder out) {
    Macro content = new Macro(generation.content(), frame, this);
    String rendered = Text.of(content.call(CallArguments.NONE));
    if (out == text) {
      spans.add(new Rendering.Span(text.length(), text.length() + rendered.length()));
    } else {
      hasHiddenSpan = true;
    }
    append(rendered, out);
  }

  private Flow condition(Statement.If condition, Frame frame, StringBuilder out) {
    for (Statement.If.Branch branch : condition.branches()) {
      if (Truth.of(evaluator.value(branch.test(), frame))) {
        return body(branch.body(), frame, out);
      }
    }
    return body(condition.otherwise(), frame, out);
  }

  private String recursive(Statement.For loop, Object items, Frame frame, long depth) {
    budget.enter();
    StringBuilder out = new StringBuilder();
    loop(loop, items, frame, out, depth);
    budget.leave();
    return out.toString();
  }

  private Flow loop(Statement.For loop, Object items, Frame frame, StringBuilder out, long depth) {
    Iterator<Object> each = Items.iterator(items);
    boolean isCounted = !(items instanceof Generator);
    Expression test = loop.test();
    if (test != null) {
      isCounted = false;
      each =
          new SelectFilters.Chosen(
              each,
              item -> {
                Frame inner = Frame.enter(loop.testScope(), frame, given);
                assign(loop.target(), item, inner);
                return Truth.of(evaluator.value(test, inner));
              });
    }
    LoopState state =
        new LoopState(
            each,
            isCounted ? Items.length(items) : -1,
            loop.isRecursive() ? (inner, level) -> recursive(loop, inner, frame, level) : null,
            depth);
    // as in Jinja, an iteration that is left early does not count
    boolean isCompleted = false;
    while (state.hasNext()) {
      budget.spend(1);
      Frame inner = Frame.enter(loop.scope(), frame, given);
      assign(loop.target(), state.next(), inner);
      inner.set("loop", state);
      Flow flow = body(loop.body(), inner, out);
      if (flow == Flow.BREAK) {
        break;
      }
      isCompleted |= flow == Flow.ON;
    }
    if (isCompleted || loop.otherwise().isEmpty()) {
      return Flow.ON;
    }
    return body(loop.otherwise(), Frame.enter(loop.otherwiseScope(), frame, given), out);
  }

  private void assign(Target target, Object value, Frame frame) {
    if (target instanceof Target.Variable variable) {
      frame.set(variable.name(), value);
    } else if (target instanceof Target.NamespaceAttribute attribute) {
      if (!(frame.get(attribute.namespace()) instanceof Namespace namespace)) {
        throw Failure.of(
            "\"%s\" is no namespace, and only of one can an attribute be set.",
            attribute.namespace());
      }
      namespace.put(attribute.attribute(), value);
    } else if (target instanceof Target.Unpacked unpacked) {
      List<Object> items = Items.list(value, budget);
      if (items.size() != unpacked.targets().size()) {
        throw Failure.of(
            "%d values do not fit %d variables.", items.size(), unpacked.targets().size());
      }
      for (int i = 0; i < items.size(); i++) {
        assign(unpacked.targets().get(i), items.get(i), frame);
      }
    }
  }

  /** What a macro renders when it is called. */
  String macro(Macro macro, CallArguments arguments) {
    budget.enter();
    MacroDefinition definition = macro.definition();
    Frame frame = Frame.enter(definition.scope(), macro.frame(), given);
    bind(definition, arguments, frame);
    StringBuilder out = new StringBuilder();
    body(definition.body(), frame, out);
    budget.leave();
    return out.toString();
  }

  private void bind(MacroDefinition macro, CallArguments arguments, Frame frame) {
    List<String> parameters = macro.parameters();
    List<Object> positional = arguments.positional();
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    int withoutDefault = parameters.size() - macro.defaults().size();
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i);
      Object value = i < positional.size() ? positional.get(i) : named.remove(name);
      if (value != null) {
        frame.set(name, value);
      }
    }
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i);
      if (!frame.has(name)) {
        frame.set(
            name,
            i < withoutDefault
                ? new Undefined("the parameter \"" + name + "\" was not given.")
                : evaluator.value(macro.defaults().get(i - withoutDefault), frame));
      }
    }
    if (macro.special().contains("caller")) {
      Object caller = named.remove("caller");
      frame.set("caller", caller == null ? new Undefined("there is no caller here.") : caller);
    }
    if (macro.special().contains("kwargs")) {
      Dictionary rest = new Dictionary();
      named.forEach(rest::put);
      frame.set("kwargs", rest);
      named.clear();
    }
    if (!named.isEmpty()) {
      throw Failure.of(
          "the macro \"%s\" has no parameter \"%s\".",
          macro.name(), named.keySet().iterator().next());
    }
    boolean hasMore = positional.size() > parameters.size();
    if (macro.special().contains("varargs")) {
      List<Object> more =
          hasMore ? positional.subList(parameters.size(), positional.size()) : List.of();
      frame.set("varargs", new Tuple(more));
    } else if (hasMore) {
      throw Failure.of(
          "the macro \"%s\" takes at most %d arguments but was given %d.",
          macro.name(), parameters.size(), positional.size());
    }
  }
}
