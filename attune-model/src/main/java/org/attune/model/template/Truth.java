package org.attune.model.template;

import java.math.BigInteger;
import java.util.List;

/** Whether a value counts as true. */
final class Truth {
  private Truth() {}

  static boolean of(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (value instanceof Undefined || value == None.NONE) {
      return false;
    }
    if (value instanceof List<?> list) {
      return !list.isEmpty();
    }
    if (value instanceof Dictionary dictionary) {
      return dictionary.size() > 0;
    }
    if (value instanceof Long number) {
      return number != 0;
    }
    if (value instanceof BigInteger) {
      return true;
    }
    if (value instanceof Double number) {
      return number != 0;
    }
    if (value instanceof Tuple tuple) {
      return !tuple.items().isEmpty();
    }
    if (value instanceof View view) {
      return !view.items().isEmpty();
    }
    if (value instanceof SafeText safe) {
      return !safe.text().isEmpty();
    }
    return true;
  }
}
