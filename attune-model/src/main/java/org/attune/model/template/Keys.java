package org.attune.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Values as keys: two that Python holds for equal are equal here. */
final class Keys {
  private static final int MAX_DEPTH = 100;

  private Keys() {}

  static Object normal(Object key) {
    return normal(key, 0);
  }

  private static Object normal(Object key, int depth) {
    if (key instanceof String || key instanceof Long || key instanceof BigInteger) {
      return key;
    }
    if (key instanceof SafeText safe) {
      return safe.text();
    }
    if (key instanceof Boolean flag) {
      return flag ? 1L : 0L;
    }
    if (key instanceof Double number) {
      boolean isWhole = Double.isFinite(number) && number == Math.rint(number);
      return isWhole ? Numbers.of(new BigDecimal(number).toBigInteger()) : number;
    }
    if (key instanceof Tuple tuple) {
      if (depth > MAX_DEPTH) {
        throw new Failure("a key is nested too deep.");
      }
      List<Object> items = new ArrayList<>();
      tuple.items().forEach(item -> items.add(normal(item, depth + 1)));
      return new Tuple(items);
    }
    if (key instanceof List || key instanceof Dictionary) {
      throw Failure.of("%s cannot be a key.", Kind.described(key));
    }
    return key;
  }
}
