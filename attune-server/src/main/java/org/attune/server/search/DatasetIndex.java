package org.attune.server.search;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.index.MultiDocValues;
import org.apache.lucene.index.PointValues;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopFieldCollector;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index of one dataset. It remembers up to which revision it follows the database, and catches
 * up before it answers; what it forgets in a crash it reads again.
 */
final class DatasetIndex implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DatasetIndex.class);
  private static final String REVISION = "revision";
  private static final String REMOVED = "removed";
  private static final String SEQUENCE = "sequence";
  private static final String SHAPE = "shape";

  /**
   * More neighbours than asked for are looked at, so that few of the nearest are missed: of the 50
   * nearest among 50,000 vectors like those of texts, 100 candidates find 87 %, 400 find 99 %.
   */
  private static final int LEAST_CANDIDATES = 400;

  private final Directory directory;
  private final IndexWriter writer;
  private final SearcherManager searchers;
  private final Analyzer analyzer = new WordAnalyzer();
  private final ReentrantLock following = new ReentrantLock();
  private RecordFeed.Position position;
  private long removedUpTo;
  private String shape;
  private RecordFeed.Position committed;

  private DatasetIndex(Directory directory, IndexWriter writer) throws IOException {
    this.directory = directory;
    this.writer = writer;
    this.searchers = new SearcherManager(writer, null);
    Map<String, String> state = new TreeMap<>();
    Iterable<Map.Entry<String, String>> stored = writer.getLiveCommitData();
    if (stored != null) {
      stored.forEach(entry -> state.put(entry.getKey(), entry.getValue()));
    }
    this.position =
        new RecordFeed.Position(
            Long.parseLong(state.getOrDefault(REVISION, "0")),
            Long.parseLong(state.getOrDefault(SEQUENCE, "0")));
    this.removedUpTo = Long.parseLong(state.getOrDefault(REMOVED, "0"));
    this.committed = position;
    this.shape = state.getOrDefault(SHAPE, "");
  }

  /** Opens the index in a folder, an empty one if there is none or it cannot be read. */
  static DatasetIndex open(Path folder, IndexPace pace) {
    try {
      try {
        return opened(folder, pace);
      } catch (IOException | IllegalArgumentException e) {
        if (!isDamage(e)) {
          throw e;
        }
        delete(folder);
        return opened(folder, pace);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The search index in " + folder + " cannot be opened.", e);
    }
  }

  /** Whether a failure means that the files are not what was written, and no other try helps. */
  static boolean isDamage(Exception e) {
    return e instanceof CorruptIndexException
        || e instanceof IndexFormatTooNewException
        || e instanceof IndexFormatTooOldException
        || e instanceof EOFException
        || e instanceof FileNotFoundException
        || e instanceof NoSuchFileException
        || e instanceof IllegalArgumentException;
  }

  private static DatasetIndex opened(Path folder, IndexPace pace) throws IOException {
    Directory directory = FSDirectory.open(folder);
    boolean open = false;
    try {
      IndexWriterConfig settings =
          new IndexWriterConfig(new WordAnalyzer())
              .setCodec(WideVectors.codec())
              .setRAMBufferSizeMB(pace.bufferMegabytes())
              .setMergePolicy(new TieredMergePolicy().setSegmentsPerTier(pace.segmentsPerTier()));
      DatasetIndex index = new DatasetIndex(directory, new IndexWriter(directory, settings));
      open = true;
      return index;
    } finally {
      if (!open) {
        IOUtils.closeWhileHandlingException(directory);
      }
    }
  }

  /** Deletes an index that is closed. */
  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      IOUtils.rm(folder);
    }
  }

  /** Closes without a last commit, since what was not committed cannot be trusted. */
  void abandon() {
    following.lock(); // nobody writes any more
    try {
      writer.rollback();
    } catch (IOException | AlreadyClosedException e) {
      LOG.warn("A search index was not closed in order.", e);
    } finally {
      IOUtils.closeWhileHandlingException(searchers, directory);
      following.unlock();
    }
  }

  /** Reads from the database what changed since the last time. */
  void catchUp(Database database, DatasetSettings settings) {
    following.lock();
    try {
      String wanted = RecordFeed.shape(settings);
      if (!wanted.equals(shape)) {
        writer.deleteAll();
        position = new RecordFeed.Position(0, 0);
        removedUpTo = 0;
        shape = wanted;
      }
      long revision = settings.dataset().revision();
      if (position.revision() >= revision) {
        return;
      }
      RecordFeed feed = new RecordFeed(database, settings);
      RecordFeed.Portion portion = feed.after(position);
      while (!portion.documents().isEmpty()) {
        for (RecordFeed.Entry entry : portion.documents()) {
          writer.updateDocument(new Term(RecordDocument.ID, entry.recordId()), entry.document());
        }
        position = portion.end();
        portion = feed.after(position);
      }
      // later than documents of records that are gone, and from where it was last done to the end:
      // the position is ahead of it if reading broke off
      for (String gone : feed.removedAfter(removedUpTo)) {
        writer.deleteDocuments(new Term(RecordDocument.ID, gone));
      }
      removedUpTo = revision;
      position = new RecordFeed.Position(Math.max(revision, position.revision()), Long.MAX_VALUE);
      searchers.maybeRefreshBlocking();
    } catch (IOException e) {
      throw new UncheckedIOException("The search index cannot be written.", e);
    } finally {
      following.unlock();
    }
  }

  /** Whether the database has records that the index has not seen. */
  boolean isBehind(Dataset dataset) {
    following.lock();
    try {
      return position.revision() < dataset.revision();
    } finally {
      following.unlock();
    }
  }

  /** Makes what is known so far survive a crash, so that less has to be read again. */
  void commit() {
    following.lock();
    try {
      if (position.equals(committed)) {
        return;
      }
      writer.setLiveCommitData(
          Map.of(
                  REVISION,
                  Long.toString(position.revision()),
                  SEQUENCE,
                  Long.toString(position.sequence()),
                  REMOVED,
                  Long.toString(removedUpTo),
                  SHAPE,
                  shape)
              .entrySet());
      writer.commit();
      committed = position;
    } catch (IOException e) {
      throw new UncheckedIOException("The search index cannot be written.", e);
    } finally {
      following.unlock();
    }
  }

  Hits search(DatasetSettings settings, SearchRequest request) {
    Query query = IndexQuery.of(settings, analyzer, request);
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        SearchRequest.Similarity vector = request.vector();
        return vector == null
            ? ordered(searcher, settings, request, query)
            : nearest(searcher, request, vector, query);
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The search index cannot be read.", e);
    }
  }

  private static Hits ordered(
      IndexSearcher searcher, DatasetSettings settings, SearchRequest request, Query query)
      throws IOException {
    int total = searcher.count(query);
    int wanted = (int) Math.min((long) total, request.offset() + request.limit());
    if (wanted <= request.offset() || request.limit() == 0) {
      return new Hits(List.of(), total);
    }
    TopDocs top =
        searcher.search(
            query,
            new TopFieldCollectorManager(
                IndexSort.of(settings, request),
                wanted,
                null,
                request.text() == null ? 1 : wanted));
    if (request.text() != null) {
      TopFieldCollector.populateScores(top.scoreDocs, searcher, query);
    }
    return hits(searcher, top.scoreDocs, request.offset(), request.limit(), total);
  }

  private static Hits nearest(
      IndexSearcher searcher, SearchRequest request, SearchRequest.Similarity vector, Query filter)
      throws IOException {
    float[] target = UnitVector.of(vector.target());
    if (target.length == 0) {
      return new Hits(List.of(), 0);
    }
    // one more, since the record that gave the vector is the nearest, and is left out
    int wanted = (int) (request.offset() + request.limit()) + 1;
    TopDocs top =
        searcher.search(
            new KnnFloatVectorQuery(
                RecordDocument.vector(vector.name()),
                target,
                Math.max(wanted, LEAST_CANDIDATES),
                allowsAll(request) ? null : filter),
            wanted);
    ScoreDoc[] others = without(vector.except(), searcher, top.scoreDocs);
    int most = Math.min(others.length, wanted - 1);
    return hits(searcher, others, request.offset(), request.limit(), most);
  }

  /** Whether a request allows any record: to list them all takes longer than to find the near. */
  private static boolean allowsAll(SearchRequest request) {
    return request.text() == null && request.filters().isEmpty();
  }

  private static ScoreDoc[] without(
      @Nullable String recordId, IndexSearcher searcher, ScoreDoc[] found) throws IOException {
    if (recordId == null) {
      return found;
    }
    TopDocs self = searcher.search(new TermQuery(new Term(RecordDocument.ID, recordId)), 1);
    return self.scoreDocs.length == 0
        ? found
        : Arrays.stream(found)
            .filter(hit -> hit.doc != self.scoreDocs[0].doc)
            .toArray(ScoreDoc[]::new);
  }

  private static Hits hits(
      IndexSearcher searcher, ScoreDoc[] found, long offset, int limit, long total)
      throws IOException {
    StoredFields stored = searcher.storedFields();
    List<Hits.Hit> hits = new ArrayList<>();
    for (int i = (int) offset; i < found.length && hits.size() < limit; i++) {
      String id = stored.document(found[i].doc).get(RecordDocument.ID);
      double score = Float.isNaN(found[i].score) ? 1 : found[i].score;
      hits.add(new Hits.Hit(Objects.requireNonNull(id), score));
    }
    return new Hits(hits, total);
  }

  /** How many records have each term of a metadata property. */
  Map<String, Long> termCounts(String property) {
    return read(
        reader -> {
          Map<String, Long> counts = new TreeMap<>();
          SortedSetDocValues terms =
              MultiDocValues.getSortedSetValues(reader, RecordDocument.metadata(property));
          if (terms == null) {
            return counts;
          }
          Bits live = MultiBits.getLiveDocs(reader);
          for (int doc = terms.nextDoc();
              doc != SortedSetDocValues.NO_MORE_DOCS;
              doc = terms.nextDoc()) {
            if (live != null && !live.get(doc)) {
              continue;
            }
            for (int i = 0; i < terms.docValueCount(); i++) {
              BytesRef term = terms.lookupOrd(terms.nextOrd());
              counts.merge(term.utf8ToString(), 1L, Long::sum);
            }
          }
          return counts;
        });
  }

  /** The smallest and the largest number of a metadata property; empty if there is none. */
  List<Double> bounds(String property) {
    return read(
        reader -> {
          byte[] least = PointValues.getMinPackedValue(reader, RecordDocument.metadata(property));
          byte[] most = PointValues.getMaxPackedValue(reader, RecordDocument.metadata(property));
          return least == null || most == null
              ? List.of()
              : List.of(
                  DoublePoint.decodeDimension(least, 0), DoublePoint.decodeDimension(most, 0));
        });
  }

  private interface Reading<T> {
    T of(IndexReader reader) throws IOException;
  }

  private <T> T read(Reading<T> reading) {
    try {
      IndexSearcher searcher = searchers.acquire();
      try {
        return reading.of(searcher.getIndexReader());
      } finally {
        searchers.release(searcher);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The search index cannot be read.", e);
    }
  }

  @Override
  public void close() {
    try {
      commit();
    } catch (UncheckedIOException | AlreadyClosedException e) {
      LOG.warn("A search index was not committed; the next start reads the rest again.", e);
    }
    IOUtils.closeWhileHandlingException(searchers, writer, directory);
  }
}
