package org.attune.model.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of a template. */
sealed interface Expression {
  /** The expressions inside this one, in the order in which names are looked up. */
  List<Expression> children();

  record Constant(Object value) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of();
    }
  }

  record Name(String name) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of();
    }
  }

  record TupleOf(List<Expression> items) implements Expression {
    @Override
    public List<Expression> children() {
      return items;
    }
  }

  record ListOf(List<Expression> items) implements Expression {
    @Override
    public List<Expression> children() {
      return items;
    }
  }

  /** A dictionary, key by key: {@code keys.get(i)} has {@code values.get(i)}. */
  record DictionaryOf(List<Expression> keys, List<Expression> values) implements Expression {
    @Override
    public List<Expression> children() {
      return joined(keys, values);
    }
  }

  record Attribute(Expression object, String name, int line) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(object);
    }
  }

  record Item(Expression object, Expression index, int line) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(object, index);
    }
  }

  record Slice(@Nullable Expression from, @Nullable Expression to, @Nullable Expression step)
      implements Expression {
    @Override
    public List<Expression> children() {
      List<Expression> children = new ArrayList<>();
      for (Expression part : new @Nullable Expression[] {from, to, step}) {
        if (part != null) {
          children.add(part);
        }
      }
      return children;
    }
  }

  record Call(Expression callee, Arguments arguments, int line) implements Expression {
    @Override
    public List<Expression> children() {
      return joined(List.of(callee), arguments.expressions());
    }
  }

  /** A filter; without input it filters the block that it stands at. */
  record Filter(@Nullable Expression input, String name, Arguments arguments, int line)
      implements Expression {
    @Override
    public List<Expression> children() {
      return joined(input == null ? List.of() : List.of(input), arguments.expressions());
    }
  }

  record Test(Expression input, String name, Arguments arguments, int line) implements Expression {
    @Override
    public List<Expression> children() {
      return joined(List.of(input), arguments.expressions());
    }
  }

  record Not(Expression operand) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(operand);
    }
  }

  record Sign(String operator, Expression operand) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(operand);
    }
  }

  record Binary(String operator, Expression left, Expression right, int line)
      implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(left, right);
    }
  }

  /** {@code a < b < c}: {@code operators.get(i)} stands before {@code operands.get(i + 1)}. */
  record Comparison(List<Expression> operands, List<String> operators, int line)
      implements Expression {
    @Override
    public List<Expression> children() {
      return operands;
    }
  }

  record Concatenation(List<Expression> parts) implements Expression {
    @Override
    public List<Expression> children() {
      return parts;
    }
  }

  record And(Expression left, Expression right) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(left, right);
    }
  }

  record Or(Expression left, Expression right) implements Expression {
    @Override
    public List<Expression> children() {
      return List.of(left, right);
    }
  }

  record Conditional(Expression test, Expression then, @Nullable Expression otherwise)
      implements Expression {
    @Override
    public List<Expression> children() {
      return otherwise == null ? List.of(test, then) : List.of(test, then, otherwise);
    }
  }

  private static List<Expression> joined(List<Expression> first, List<Expression> second) {
    List<Expression> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
