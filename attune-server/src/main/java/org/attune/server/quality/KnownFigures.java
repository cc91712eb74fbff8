package org.attune.server.quality;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The figures of datasets, kept until their answers change. Whoever asks waits a moment for new
 * ones; if that is not enough, the former ones are told with their time, and counting goes on.
 */
@Component
public final class KnownFigures implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMillis(120);
  private static final int MOST_KEPT = 200;

  /** A long count is not begun again before so many times its duration passed. */
  private static final int REST = 10;

  private final Database database;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "figures");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, Counted> known = new LinkedHashMap<>();
  private final Map<String, Future<?>> running = new HashMap<>();

  KnownFigures(Database database) {
    this.database = database;
  }

  /**
   * Figures, if they were ever counted.
   *
   * @param moment of when they are
   * @param current whether nothing was answered since
   */
  public record Answer(@Nullable Figures figures, long moment, boolean current) {}

  /** Figures with the state of the dataset that they are of, and what counting them cost. */
  private record Counted(Figures figures, Dataset dataset, long moment, Duration effort, long end) {

    boolean isOf(Dataset now) {
      return dataset.revision() >= now.revision()
          && dataset.settingsVersion() >= now.settingsVersion();
    }

    boolean isResting() {
      return effort.compareTo(PATIENCE) > 0
          && System.nanoTime() - end < effort.multipliedBy(REST).toNanos();
    }
  }

  /** The figures of a dataset. Not to be asked within a transaction. */
  public Answer of(DatasetSettings settings) {
    Dataset dataset = settings.dataset();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Future<?> counting = start(dataset);
      long left = deadline - System.nanoTime();
      if (counting == null || left <= 0 || !isDone(counting, left)) {
        return answer(dataset);
      }
    }
  }

  private synchronized Answer answer(Dataset dataset) {
    Counted counted = known.get(dataset.id());
    return counted == null
        ? new Answer(null, 0, false)
        : new Answer(counted.figures(), counted.moment(), counted.isOf(dataset));
  }

  /** Begins to count, unless the figures are new enough or are being counted. */
  private synchronized @Nullable Future<?> start(Dataset dataset) {
    Counted counted = known.get(dataset.id());
    if (counted != null && (counted.isOf(dataset) || counted.isResting())) {
      return null;
    }
    return running.computeIfAbsent(dataset.id(), id -> worker.submit(() -> count(id)));
  }

  private static boolean isDone(Future<?> counting, long nanos) {
    try {
      counting.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("The figures of a dataset could not be counted.", e);
    }
  }

  private void count(String datasetId) {
    try {
      long begin = System.nanoTime();
      Counted counted =
          database.read(
              transaction -> {
                Dataset dataset = Datasets.get(transaction, datasetId);
                Figures figures =
                    Figures.of(transaction, DatasetSettings.load(transaction, dataset));
                long end = System.nanoTime();
                return new Counted(
                    figures, dataset, transaction.now(), Duration.ofNanos(end - begin), end);
              });
      keep(datasetId, counted);
    } finally {
      forget(datasetId);
    }
  }

  private synchronized void keep(String datasetId, Counted counted) {
    known.remove(datasetId);
    known.put(datasetId, counted);
    if (known.size() > MOST_KEPT) {
      known.remove(known.keySet().iterator().next());
    }
  }

  private synchronized void forget(String datasetId) {
    running.remove(datasetId);
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
