package org.attune.feedback.field;

import java.util.List;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;

/** A vector that records may carry, to find similar ones. */
public record VectorSettings(String name, String title, int dimensions) {

  public VectorSettings {
    Problems problems = Problems.none();
    Names.check(name, title, problems);
    if (dimensions < 1) {
      problems.add("dimensions", "must be positive", dimensions, "Give the length of the vector.");
    }
    problems.throwIfAny("the vector \"" + name + "\"");
  }

  public static VectorSettings of(String name, int dimensions) {
    return new VectorSettings(name, Names.titleOf(name), dimensions);
  }

  /** Reports a vector of another length, or with a component that is not a finite number. */
  public void check(List<Double> vector, Problems problems) {
    if (vector.size() != dimensions) {
      problems.add(
          name,
          "must have " + dimensions + " components",
          vector.size(),
          "Check the model that computed it.");
    }
    for (double component : vector) {
      if (!Double.isFinite(component)) {
        problems.add(name, "must be finite", component, "Leave the vector out.");
        return;
      }
    }
  }
}
