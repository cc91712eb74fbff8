package org.attune.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** Python's numbers: integers of any size, floats, and booleans that count as 0 and 1. */
final class Numbers {
  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
  private static final int MAX_BITS = 1 << 16;

  private Numbers() {}

  static Object of(BigInteger value) {
    return value.compareTo(MIN) >= 0 && value.compareTo(MAX) <= 0
        ? (Object) value.longValue()
        : value;
  }

  static boolean isNumber(Object value) {
    return isInteger(value) || value instanceof Double;
  }

  /** Whether it is an integer; booleans are. */
  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof Boolean || value instanceof BigInteger;
  }

  static BigInteger big(Object integer) {
    if (integer instanceof BigInteger big) {
      return big;
    }
    return BigInteger.valueOf(
        integer instanceof Boolean flag ? (flag ? 1 : 0) : ((Long) integer).longValue());
  }

  static double real(Object number) {
    if (number instanceof Double real) {
      return real;
    }
    double real = big(number).doubleValue();
    if (Double.isInfinite(real)) {
      throw new Failure("the integer is too large for a float.");
    }
    return real;
  }

  /** An integer that fits a Java one. */
  static long whole(Object value, String where) {
    if (!isInteger(value) || value instanceof BigInteger) {
      throw Failure.of("%s needs an integer but got %s.", where, Kind.described(value));
    }
    return value instanceof Boolean flag ? (flag ? 1 : 0) : (Long) value;
  }

  static int compare(Object left, Object right) {
    if (left instanceof Double || right instanceof Double) {
      if (isFinite(left) && isFinite(right)) {
        return exact(left).compareTo(exact(right));
      }
      return Double.compare(left instanceof Double l ? l : 0, right instanceof Double r ? r : 0);
    }
    return big(left).compareTo(big(right));
  }

  static boolean isNan(Object value) {
    return value instanceof Double number && number.isNaN();
  }

  private static boolean isFinite(Object number) {
    return !(number instanceof Double real) || Double.isFinite(real);
  }

  private static BigDecimal exact(Object number) {
    return number instanceof Double real ? new BigDecimal(real) : new BigDecimal(big(number));
  }

  static Object calculate(String operator, Object left, Object right) {
    boolean isReal = left instanceof Double || right instanceof Double || operator.equals("/");
    if (isReal) {
      return operator.equals("/") && isInteger(left) && isInteger(right)
          ? quotient(big(left), big(right))
          : (Object) real(operator, real(left), real(right));
    }
    if (left instanceof Long l && right instanceof Long r) {
      switch (operator) {
        case "+" -> {
          long sum = l + r;
          if (((l ^ sum) & (r ^ sum)) >= 0) {
            return sum;
          }
        }
        case "-" -> {
          long difference = l - r;
          if (((l ^ r) & (l ^ difference)) >= 0) {
            return difference;
          }
        }
        default -> {}
      }
    }
    return integer(operator, big(left), big(right));
  }

  private static double quotient(BigInteger left, BigInteger right) {
    if (right.signum() == 0) {
      throw new Failure("division by zero.");
    }
    if (left.signum() == 0) {
      return right.signum() < 0 ? -0.0 : 0.0;
    }
    double result =
        new BigDecimal(left).divide(new BigDecimal(right), MathContext.DECIMAL128).doubleValue();
    if (Double.isInfinite(result)) {
      throw new Failure("the quotient is too large for a float.");
    }
    return result;
  }

  private static Object integer(String operator, BigInteger left, BigInteger right) {
    return switch (operator) {
      case "+" -> of(left.add(right));
      case "-" -> of(left.subtract(right));
      case "*" -> {
        if ((long) left.bitLength() + right.bitLength() > MAX_BITS) {
          throw new Failure("the product is too large.");
        }
        yield of(left.multiply(right));
      }
      case "//" -> of(floor(left, right)[0]);
      case "%" -> of(floor(left, right)[1]);
      case "**" -> power(left, right);
      default -> throw Failure.of("there is no operator %s.", operator);
    };
  }

  /** Quotient and remainder; the remainder has the divisor's sign. */
  private static BigInteger[] floor(BigInteger left, BigInteger right) {
    if (right.signum() == 0) {
      throw new Failure("division by zero.");
    }
    BigInteger[] result = left.divideAndRemainder(right);
    if (result[1].signum() != 0 && result[1].signum() != right.signum()) {
      return new BigInteger[] {result[0].subtract(BigInteger.ONE), result[1].add(right)};
    }
    return result;
  }

  private static Object power(BigInteger left, BigInteger right) {
    if (right.signum() < 0) {
      return real("**", left.doubleValue(), right.doubleValue());
    }
    if (left.abs().compareTo(BigInteger.ONE) > 0
        && (right.bitLength() > 31 || left.bitLength() * right.longValue() > MAX_BITS)) {
      throw new Failure("the power is too large.");
    }
    if (left.abs().compareTo(BigInteger.ONE) <= 0) {
      boolean isOdd = right.testBit(0);
      return right.signum() == 0 ? 1L : of(isOdd ? left : left.abs());
    }
    return of(left.pow(right.intValue()));
  }

  private static double real(String operator, double left, double right) {
    if (right == 0 && "/ // %".contains(operator)) {
      throw new Failure("division by zero.");
    }
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      case "%" -> remainder(left, right);
      case "//" -> {
        double floored = (left - remainder(left, right)) / right;
        yield floored == 0 ? Math.copySign(0, left / right) : Math.rint(floored);
      }
      case "**" -> realPower(left, right);
      default -> throw Failure.of("there is no operator %s.", operator);
    };
  }

  private static double realPower(double left, double right) {
    if (left == 0 && right < 0) {
      throw new Failure("zero cannot be raised to a negative power.");
    }
    if (left < 0 && Double.isFinite(right) && right != Math.rint(right)) {
      throw new Failure("complex numbers are not supported.");
    }
    double result = left == 1 ? 1 : Math.pow(left, right);
    if (Double.isInfinite(result) && Double.isFinite(left) && Double.isFinite(right)) {
      throw new Failure("the power is too large for a float.");
    }
    return result;
  }

  private static double remainder(double left, double right) {
    double remainder = left % right;
    if (remainder == 0) {
      return Math.copySign(0, right);
    }
    return (right < 0) != (remainder < 0) ? remainder + right : remainder;
  }

  static Object negated(Object value) {
    if (value instanceof Double real) {
      return -real;
    }
    if (isInteger(value)) {
      return of(big(value).negate());
    }
    throw Failure.of("%s has no negative.", Kind.described(value));
  }
}
