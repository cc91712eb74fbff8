package org.attune.train.optimize;

import org.attune.run.ScheduleConfig;

/**
 * The learning rate of each step, as transformers' schedulers give it.
 *
 * <p>A warm-up of w steps rises linearly from 0; step s then has the share of the full rate that
 * the schedule's type says, with T steps in all and progress p = (s − w) / (T − w).
 *
 * @param schedule its type and settings
 * @param full the full rate
 * @param totalSteps T
 */
public record LearningRate(ScheduleConfig schedule, double full, long totalSteps) {
  /** The rate of a step, counted from 0. */
  public double at(long step) {
    return full * share(step);
  }

  private double share(long step) {
    long warmup =
        schedule.warmupSteps() > 0
            ? schedule.warmupSteps()
            : (long) Math.ceil(schedule.warmupRatio() * totalSteps);
    return switch (schedule.type()) {
      case CONSTANT -> 1;
      case CONSTANT_WITH_WARMUP -> step < warmup ? rising(step, warmup) : 1;
      case LINEAR ->
          step < warmup
              ? rising(step, warmup)
              : Math.max(0, (double) (totalSteps - step) / Math.max(1, totalSteps - warmup));
      case COSINE -> step < warmup ? rising(step, warmup) : Math.max(0, wave(step, warmup));
      case COSINE_WITH_MIN_LR -> {
        double lowest = schedule.minLearningRateRatio();
        yield step < warmup
            ? rising(step, warmup)
            : Math.max(0, wave(step, warmup) * (1 - lowest) + lowest);
      }
      case INVERSE_SQRT -> {
        long timescale = warmup > 0 ? warmup : 10_000;
        yield step < warmup
            ? rising(step, warmup)
            : 1 / Math.sqrt((double) (step + timescale - warmup) / timescale);
      }
      case POLYNOMIAL -> {
        double end = schedule.decayEnd();
        if (step < warmup) {
          yield rising(step, warmup);
        }
        if (step > totalSteps) {
          yield end / full;
        }
        double remaining = 1 - (double) (step - warmup) / (totalSteps - warmup);
        yield ((full - end) * Math.pow(remaining, schedule.power()) + end) / full;
      }
    };
  }

  private static double rising(long step, long warmup) {
    return (double) step / Math.max(1, warmup);
  }

  private double wave(long step, long warmup) {
    double progress = (double) (step - warmup) / Math.max(1, totalSteps - warmup);
    return 0.5 * (1 + Math.cos(Math.PI * schedule.cycles() * 2 * progress));
  }
}
