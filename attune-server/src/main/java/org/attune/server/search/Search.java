package org.attune.server.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.lucene.store.AlreadyClosedException;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.storage.Database;
import org.attune.server.storage.StorageFault;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Search in all datasets. An index is read up to the present before it answers, so that a search
 * finds what was written before it; in between, a thread keeps the indexes close behind the
 * database.
 */
public final class Search implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Search.class);
  private static final long LONGEST_PAUSE_MILLIS = 10_000;

  private final Database database;
  private final Path folder;
  private final IndexPace pace;
  private final Map<String, DatasetIndex> indexes = new ConcurrentHashMap<>();
  private final Thread follower = new Thread(this::followOn, "search-follower");
  private volatile boolean closed;
  private int rounds;

  /**
   * Search over a database.
   *
   * @param folder where the indexes are kept; what is in it can be deleted while no server runs
   */
  public Search(Database database, Path folder) {
    this(database, folder, IndexPace.DEFAULT);
  }

  Search(Database database, Path folder, IndexPace pace) {
    this.database = database;
    this.folder = folder;
    this.pace = pace;
    follower.setDaemon(true);
    follower.start();
  }

  public Hits find(DatasetSettings settings, SearchRequest request) {
    return ask(settings, index -> index.search(settings, request));
  }

  /**
   * How many records have all that the filters ask for.
   *
   * @param userId whose responses they mean; null for anybody's
   */
  public long count(DatasetSettings settings, @Nullable String userId, List<Filter> filters) {
    return find(settings, new SearchRequest(userId, null, null, null, filters, List.of(), 0, 0))
        .total();
  }

  /** How many records have each term of a metadata property. */
  public Map<String, Long> termCounts(DatasetSettings settings, String property) {
    return ask(settings, index -> index.termCounts(property));
  }

  /** The smallest and the largest number of a metadata property; empty if there is none. */
  public List<Double> bounds(DatasetSettings settings, String property) {
    return ask(settings, index -> index.bounds(property));
  }

  /**
   * Asks an index that is up to date. One that failed is opened again, from its last commit, and
   * one that is damaged is made anew, before it is asked once more.
   */
  private <T> T ask(DatasetSettings settings, Function<DatasetIndex, T> question) {
    String datasetId = settings.dataset().id();
    DatasetIndex index = open(datasetId);
    try {
      index.catchUp(database, settings);
      return question.apply(index);
    } catch (UncheckedIOException | AlreadyClosedException e) {
      leave(datasetId, index, e);
    }
    try {
      DatasetIndex again = open(datasetId);
      again.catchUp(database, settings);
      return question.apply(again);
    } catch (UncheckedIOException e) {
      throw StorageFault.of(Objects.requireNonNull(e.getCause()));
    } catch (AlreadyClosedException e) {
      throw StorageFault.UNWRITABLE.because(e);
    }
  }

  private DatasetIndex open(String datasetId) {
    try {
      return indexes.computeIfAbsent(
          datasetId, id -> DatasetIndex.open(folder.resolve(datasetId), pace));
    } catch (UncheckedIOException e) {
      throw StorageFault.of(Objects.requireNonNull(e.getCause()));
    }
  }

  /** Closes an index that failed, unless somebody else has; the next one to ask opens it again. */
  private void leave(String datasetId, DatasetIndex failed, Exception cause) {
    LOG.warn("The index of dataset {} failed and is opened again.", datasetId, cause);
    DatasetIndex unused =
        indexes.computeIfPresent(
            datasetId,
            (id, present) -> {
              if (present != failed) {
                return present;
              }
              failed.abandon();
              if (cause.getCause() instanceof Exception reason && DatasetIndex.isDamage(reason)) {
                delete(datasetId);
              }
              return null;
            });
  }

  private void followOn() {
    long pause = pace.followMillis();
    while (!closed) {
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return; // closing
      }
      pause = follow() ? pace.followMillis() : Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  /** Lets every index follow, and returns whether all could. */
  private boolean follow() {
    try {
      List<Dataset> datasets = database.read(Datasets::all);
      boolean allFollow = true;
      for (Dataset dataset : datasets) {
        allFollow = (!dataset.ready() || follow(dataset)) && allFollow;
      }
      forgetAllBut(datasets);
      rounds++;
      return allFollow;
    } catch (RuntimeException e) {
      LOG.error("The search indexes cannot follow the database; they try again.", e);
      return false;
    }
  }

  private boolean follow(Dataset dataset) {
    DatasetIndex index = open(dataset.id());
    try {
      if (index.isBehind(dataset)) {
        index.catchUp(
            database, database.read(transaction -> DatasetSettings.load(transaction, dataset)));
      }
      if (rounds % pace.commitEvery() == 0) {
        index.commit();
      }
      return true;
    } catch (UncheckedIOException | AlreadyClosedException e) {
      leave(dataset.id(), index, e);
      return false;
    }
  }

  private void forgetAllBut(List<Dataset> datasets) {
    Set<String> gone = new HashSet<>(indexes.keySet());
    datasets.forEach(dataset -> gone.remove(dataset.id()));
    for (String datasetId : gone) {
      DatasetIndex unused =
          indexes.computeIfPresent(
              datasetId,
              (id, index) -> {
                index.abandon();
                delete(datasetId);
                return null;
              });
    }
  }

  private void delete(String datasetId) {
    try {
      DatasetIndex.delete(folder.resolve(datasetId));
    } catch (IOException e) {
      throw new UncheckedIOException("The search index cannot be deleted.", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      follower.join(TimeUnit.MINUTES.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    indexes.values().forEach(DatasetIndex::close);
  }
}
