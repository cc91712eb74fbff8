package org.attune.model.template;

import java.util.ArrayList;
import java.util.List;

/** The parameter {@code attribute} of filters: a name, an index, or several with dots. */
record AttributePath(List<Object> steps) {
  static AttributePath of(Object attribute) {
    if (Numbers.isInteger(attribute)) {
      return new AttributePath(List.of(attribute));
    }
    List<Object> steps = new ArrayList<>();
    for (String step : Text.required(attribute, "attribute").split("\\.", -1)) {
      boolean isIndex = !step.isEmpty() && step.chars().allMatch(Character::isDigit);
      steps.add(isIndex ? (Object) Long.valueOf(step) : step);
    }
    return new AttributePath(steps);
  }

  Object get(Object item, Renderer renderer) {
    Object value = item;
    for (Object step : steps) {
      value = Attributes.item(value, step, renderer.budget());
    }
    return value;
  }

  Object get(Object item, Object otherwise, Renderer renderer) {
    Object value = item;
    for (Object step : steps) {
      value = Attributes.item(value, step, renderer.budget());
      if (value instanceof Undefined && otherwise != None.NONE) {
        value = otherwise;
      }
    }
    return value;
  }
}
