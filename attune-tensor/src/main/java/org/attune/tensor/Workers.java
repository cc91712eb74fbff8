package org.attune.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * A fixed number of threads that do the parts of a step side by side, each with single-threaded
 * operators.
 *
 * <p>Part i always runs on thread i, so that what is computed where, and in which order it is
 * summed, does not depend on which thread is ready first.
 */
public final class Workers implements AutoCloseable {
  private final List<ExecutorService> threads = new ArrayList<>();

  public Workers(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "At least one worker is needed but count was " + count + ".");
    }
    for (int i = 0; i < count; i++) {
      String name = "attune-worker-" + i;
      threads.add(
          Executors.newSingleThreadExecutor(
              work -> {
                Thread thread = new Thread(work, name);
                thread.setDaemon(true);
                return thread;
              }));
    }
  }

  /** One worker for each processor that this process may use. */
  public static Workers forMachine() {
    return new Workers(Runtime.getRuntime().availableProcessors());
  }

  public int count() {
    return threads.size();
  }

  /**
   * Runs {@code part} once on each worker, in a scope of its own, and returns the results in order
   * once all have ended. Tensors a part returns must have been adopted by an owner.
   *
   * @throws RuntimeException the first part's failure, after all have ended
   */
  public <T> List<T> each(IntFunction<T> part) {
    List<Future<T>> futures = new ArrayList<>();
    for (int i = 0; i < threads.size(); i++) {
      int index = i;
      futures.add(
          threads
              .get(i)
              .submit(
                  () -> {
                    try (TensorScope scope = TensorScope.open()) {
                      return part.apply(index);
                    }
                  }));
    }
    List<T> results = new ArrayList<>();
    ExecutionException failure = null;
    for (Future<T> future : futures) {
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        failure = failure == null ? e : failure;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TensorException("Interrupted while workers were computing.", e);
      }
    }
    if (failure != null) {
      throw rethrown(failure);
    }
    return results;
  }

  /**
   * Runs {@code work} on the first worker's thread, in a scope of its own, with the other workers
   * as its {@link Crew}.
   *
   * @throws RuntimeException that of the work
   */
  public void together(Runnable work) {
    Crew crew = new Crew(count() - 1);
    each(
        worker -> {
          if (worker == 0) {
            try (crew) {
              crew.lead(work);
            }
          } else {
            GradientMode.useWithout(() -> crew.serve(worker - 1));
          }
          return worker;
        });
  }

  private static RuntimeException rethrown(ExecutionException failure) {
    Throwable cause = failure.getCause();
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException runtime) {
      runtime.addSuppressed(failure); // where the caller waited
      return runtime;
    }
    return new TensorException("A worker failed: " + cause, failure);
  }

  @Override
  public void close() {
    threads.forEach(ExecutorService::shutdown);
  }
}
