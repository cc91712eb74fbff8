package org.attune.model.template;

/** Strings brought to a width. */
final class Padding {
  private Padding() {}

  private record Width(int missing, String fill) {
    static Width of(String self, CallArguments arguments, String name, Budget budget) {
      CallArguments.Bound bound = arguments.bind(name, "width", "fillchar?");
      String fill = Text.required(bound.get(1, " "), name);
      if (fill.codePointCount(0, fill.length()) != 1) {
        throw Failure.of("%s fills with one character but was given \"%s\".", name, fill);
      }
      return new Width(missing(self, bound, budget), fill);
    }

    static int missing(String self, CallArguments.Bound bound, Budget budget) {
      long width = bound.whole(0, 0);
      budget.size(width);
      return (int) Math.max(0, width - self.codePointCount(0, self.length()));
    }
  }

  static Object left(String self, CallArguments arguments, Budget budget) {
    Width width = Width.of(self, arguments, "ljust", budget);
    return self + width.fill().repeat(width.missing());
  }

  static Object right(String self, CallArguments arguments, Budget budget) {
    Width width = Width.of(self, arguments, "rjust", budget);
    return width.fill().repeat(width.missing()) + self;
  }

  static Object centered(String self, CallArguments arguments, Budget budget) {
    Width width = Width.of(self, arguments, "center", budget);
    int missing = width.missing();
    // an odd space goes to the left if the width is odd, as in Python
    int total = missing + self.codePointCount(0, self.length());
    int left = missing / 2 + (missing & total & 1);
    return width.fill().repeat(left) + self + width.fill().repeat(missing - left);
  }

  static Object zeros(String self, CallArguments arguments, Budget budget) {
    int missing = Width.missing(self, arguments.bind("zfill", "width"), budget);
    int sign = self.startsWith("+") || self.startsWith("-") ? 1 : 0;
    return self.substring(0, sign) + "0".repeat(missing) + self.substring(sign);
  }
}
