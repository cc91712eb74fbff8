package org.attune.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives expressions their values. */
final class Evaluator {
  private final Renderer renderer;
  private final Budget budget;

  Evaluator(Renderer renderer) {
    this.renderer = renderer;
    budget = renderer.budget();
  }

  Object value(Expression expression, Frame frame) {
    budget.enter();
    Object value = evaluate(expression, frame);
    budget.leave();
    return value;
  }

  private Object evaluate(Expression expression, Frame frame) {
    if (expression instanceof Expression.Name name) {
      return frame.get(name.name());
    }
    if (expression instanceof Expression.Constant constant) {
      return constant.value();
    }
    if (expression instanceof Expression.Item item) {
      return item(item, frame);
    }
    if (expression instanceof Expression.Attribute attribute) {
      Object object = value(attribute.object(), frame);
      renderer.at(attribute.line());
      return Attributes.attribute(object, attribute.name(), budget);
    }
    if (expression instanceof Expression.Comparison comparison) {
      return comparison(comparison, frame);
    }
    if (expression instanceof Expression.And and) {
      Object left = value(and.left(), frame);
      return Truth.of(left) ? value(and.right(), frame) : left;
    }
    if (expression instanceof Expression.Or or) {
      Object left = value(or.left(), frame);
      return Truth.of(left) ? left : value(or.right(), frame);
    }
    if (expression instanceof Expression.Not not) {
      return !Truth.of(value(not.operand(), frame));
    }
    if (expression instanceof Expression.Test test) {
      Object input = value(test.input(), frame);
      CallArguments arguments = arguments(test.arguments(), frame);
      renderer.at(test.line());
      return Tests.check(test.name(), input, arguments, renderer);
    }
    if (expression instanceof Expression.Filter filter) {
      return filtered(filter, frame, null);
    }
    if (expression instanceof Expression.Binary binary) {
      Object left = value(binary.left(), frame);
      Object right = value(binary.right(), frame);
      renderer.at(binary.line());
      return Operations.binary(binary.operator(), left, right, budget);
    }
    if (expression instanceof Expression.Call call) {
      return call(call, frame, null);
    }
    return rarer(expression, frame);
  }

  private Object rarer(Expression expression, Frame frame) {
    if (expression instanceof Expression.Concatenation concatenation) {
      StringBuilder text = new StringBuilder();
      for (Expression part : concatenation.parts()) {
        text.append(Text.of(value(part, frame)));
        budget.length(text.length());
      }
      budget.size(text.length());
      return text.toString();
    }
    if (expression instanceof Expression.Conditional conditional) {
      if (Truth.of(value(conditional.test(), frame))) {
        return value(conditional.then(), frame);
      }
      return conditional.otherwise() == null
          ? new Undefined("a condition is false and has no \"else\".")
          : value(conditional.otherwise(), frame);
    }
    if (expression instanceof Expression.ListOf list) {
      return values(list.items(), frame);
    }
    if (expression instanceof Expression.TupleOf tuple) {
      return new Tuple(values(tuple.items(), frame));
    }
    if (expression instanceof Expression.DictionaryOf literal) {
      Dictionary dictionary = new Dictionary();
      for (int i = 0; i < literal.keys().size(); i++) {
        Object key = value(literal.keys().get(i), frame);
        dictionary.put(key, value(literal.values().get(i), frame));
      }
      return dictionary;
    }
    if (expression instanceof Expression.Sign sign) {
      Object operand = value(sign.operand(), frame);
      if (operand instanceof Undefined undefined) {
        throw new Failure(undefined.reason());
      }
      Object negated = Numbers.negated(operand);
      return sign.operator().equals("-") ? negated : Numbers.negated(negated);
    }
    throw new Failure("a slice stands where a value is expected.");
  }

  private List<Object> values(List<Expression> expressions, Frame frame) {
    List<Object> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(value(expression, frame));
    }
    return values;
  }

  private Object item(Expression.Item item, Frame frame) {
    Object object = value(item.object(), frame);
    if (!(item.index() instanceof Expression.Slice slice)) {
      Object index = value(item.index(), frame);
      renderer.at(item.line());
      return Attributes.item(object, index, budget);
    }
    Object from = bound(slice.from(), frame);
    Object to = bound(slice.to(), frame);
    Object step = bound(slice.step(), frame);
    renderer.at(item.line());
    if (object instanceof Undefined undefined) {
      throw new Failure(undefined.reason());
    }
    budget.size(Items.areIn(object) && !(object instanceof Generator) ? Items.length(object) : 0);
    return Items.slice(object, from, to, step);
  }

  private Object bound(@Nullable Expression bound, Frame frame) {
    return bound == null ? None.NONE : value(bound, frame);
  }

  private Object comparison(Expression.Comparison comparison, Frame frame) {
    Object left = value(comparison.operands().get(0), frame);
    for (int i = 0; i < comparison.operators().size(); i++) {
      Object right = value(comparison.operands().get(i + 1), frame);
      renderer.at(comparison.line());
      if (!Operations.compare(comparison.operators().get(i), left, right, budget)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  /**
   * @param block what the filter without input filters
   */
  Object filtered(Expression.Filter filter, Frame frame, @Nullable Object block) {
    Object input;
    if (filter.input() instanceof Expression.Filter inner && block != null) {
      input = filtered(inner, frame, block);
    } else if (filter.input() != null) {
      input = value(filter.input(), frame);
    } else if (block != null) {
      input = block;
    } else {
      throw new Failure("a filter has nothing to filter.");
    }
    CallArguments arguments = arguments(filter.arguments(), frame);
    renderer.at(filter.line());
    return Filters.apply(filter.name(), input, arguments, renderer);
  }

  /**
   * @param caller the block that a call statement hands over
   */
  Object call(Expression.Call call, Frame frame, @Nullable Macro caller) {
    Object callee = value(call.callee(), frame);
    CallArguments arguments = arguments(call.arguments(), frame);
    renderer.at(call.line());
    if (callee instanceof Undefined undefined) {
      throw new Failure(undefined.reason());
    }
    if (!(callee instanceof Callable callable)) {
      throw Failure.of("%s cannot be called.", Kind.described(callee));
    }
    if (caller != null) {
      Map<String, Object> named = new LinkedHashMap<>(arguments.named());
      named.put("caller", caller);
      arguments = new CallArguments(arguments.positional(), named);
    }
    return callable.call(arguments);
  }

  private CallArguments arguments(Arguments given, Frame frame) {
    if (given.isEmpty()) {
      return CallArguments.NONE;
    }
    List<Object> positional = values(given.positional(), frame);
    Map<String, Object> named = new LinkedHashMap<>();
    for (Arguments.Named argument : given.named()) {
      if (named.put(argument.name(), value(argument.value(), frame)) != null) {
        throw Failure.of("the argument \"%s\" is given twice.", argument.name());
      }
    }
    if (given.spread() != null) {
      positional.addAll(Items.list(value(given.spread(), frame), budget));
    }
    if (given.spreadNamed() != null) {
      if (!(value(given.spreadNamed(), frame) instanceof Dictionary dictionary)) {
        throw new Failure("what follows ** must be a dictionary.");
      }
      for (Dictionary.Entry entry : dictionary.entries()) {
        if (named.put(Text.required(entry.key(), "**"), entry.value()) != null) {
          throw Failure.of("the argument \"%s\" is given twice.", entry.key());
        }
      }
    }
    return new CallArguments(positional, named);
  }
}
