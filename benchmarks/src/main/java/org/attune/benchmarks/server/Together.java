package org.attune.benchmarks.server;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/** Several clients at the same time, each in a thread of its own. */
final class Together {

  private Together() {}

  /** Runs all of them, and returns how long each request took. */
  static Durations run(List<Callable<long[]>> clients)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(clients.size());
    try {
      LongStream all = LongStream.empty();
      for (Future<long[]> times : threads.invokeAll(clients)) {
        all = LongStream.concat(all, Arrays.stream(times.get()));
      }
      return new Durations(all.toArray());
    } finally {
      threads.shutdown();
    }
  }
}
