package org.attune.server.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.lucene.index.CorruptIndexException;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.dataset.Datasets;
import org.attune.server.storage.Database;
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
  private static final long FOLLOW_MILLIS = 300;
  private static final int COMMIT_EVERY = 100;

  private final Database database;
  private final Path folder;
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
    this.database = database;
    this.folder = folder;
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

  /** Asks an index that is up to date; one that turns out to be damaged is made again first. */
  private <T> T ask(DatasetSettings settings, Function<DatasetIndex, T> question) {
    try {
      return question.apply(upToDate(settings));
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof CorruptIndexException)) {
        throw e;
      }
      LOG.warn("The index of dataset {} is damaged and made again.", settings.dataset().id(), e);
      remove(settings.dataset().id(), DatasetIndex::abandon);
      return question.apply(upToDate(settings));
    }
  }

  private DatasetIndex upToDate(DatasetSettings settings) {
    DatasetIndex index = index(settings.dataset());
    index.catchUp(database, settings);
    return index;
  }

  private DatasetIndex index(Dataset dataset) {
    return indexes.computeIfAbsent(
        dataset.id(), id -> DatasetIndex.open(folder.resolve(dataset.id())));
  }

  private void followOn() {
    while (!closed) {
      try {
        Thread.sleep(FOLLOW_MILLIS);
      } catch (InterruptedException e) {
        return; // closing
      }
      follow();
    }
  }

  private void follow() {
    try {
      List<Dataset> datasets = database.read(Datasets::all);
      for (Dataset dataset : datasets) {
        if (dataset.ready() && index(dataset).isBehind(dataset)) {
          upToDate(database.read(transaction -> DatasetSettings.load(transaction, dataset)));
        }
      }
      forgetAllBut(datasets);
      rounds++;
      if (rounds % COMMIT_EVERY == 0) {
        indexes.values().forEach(DatasetIndex::commit);
      }
    } catch (RuntimeException e) {
      LOG.error("The search indexes cannot follow the database; the next search tries again.", e);
    }
  }

  private void forgetAllBut(List<Dataset> datasets) {
    Set<String> gone = new HashSet<>(indexes.keySet());
    datasets.forEach(dataset -> gone.remove(dataset.id()));
    gone.forEach(id -> remove(id, DatasetIndex::close));
  }

  private void remove(String datasetId, Consumer<DatasetIndex> close) {
    DatasetIndex index = indexes.remove(datasetId);
    if (index == null) {
      return; // somebody else was faster
    }
    close.accept(index);
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
