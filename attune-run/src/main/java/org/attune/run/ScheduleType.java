package org.attune.run;

/** The course of the learning rate over a run; all but {@link #CONSTANT} start with the warm-up. */
public enum ScheduleType {
  CONSTANT,
  CONSTANT_WITH_WARMUP,
  /** A straight line from the full rate to 0. */
  LINEAR,
  /** {@code cycles} waves of a cosine; 0.5 is one fall from the full rate to 0. */
  COSINE,
  /** As {@link #COSINE}, but down to {@code min-learning-rate-ratio} instead of 0. */
  COSINE_WITH_MIN_LR,
  /** Falls with the inverse square root of the step. */
  INVERSE_SQRT,
  /** Falls by a polynomial of degree {@code power} to the rate {@code decay-end}. */
  POLYNOMIAL
}
