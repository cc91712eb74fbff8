package org.attune.feedback.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.change.Change;
import org.attune.feedback.change.ChangeLog;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.settings.SettingsFormat;

/**
 * A feedback dataset in a folder: {@code dataset.json} holds the settings, {@code records.jsonl}
 * one change a line, oldest first.
 *
 * <p>A change to {@link #dataset} is on disk when the call that made it returns, and survives a
 * crash of the process or the machine. Changes made by one call cost one write to disk together.
 * One writer at a time; readers need no lock. Close the store to let another writer in.
 */
public final class FileStore implements AutoCloseable {

  private static final String SETTINGS = "dataset.json";
  private static final String RECORDS = "records.jsonl";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final StoreLock lock;
  private final FeedbackDataset dataset;
  private RecordLog log;
  private ChangeFormat format;
  private long lastSequence;
  private boolean replaying = true;
  private boolean closed;

  private FileStore(Path folder, StoreLock lock) {
    this.folder = folder;
    this.lock = lock;
    FeedbackSettings settings = readSettings(folder);
    this.format = new ChangeFormat(settings);
    this.dataset = FeedbackDataset.withLog(settings, new Log());
    LogReader.End end = LogReader.replay(folder.resolve(RECORDS), dataset);
    this.lastSequence = end.lastSequence();
    this.log = RecordLog.open(folder.resolve(RECORDS), end.length());
    this.replaying = false;
  }

  /**
   * Makes an empty store in a folder, which is created if need be, and opens it.
   *
   * @throws FeedbackStoreException if the folder holds a store already, or cannot be written
   */
  public static FileStore create(Path folder, FeedbackSettings settings) {
    try {
      Files.createDirectories(folder);
      if (Files.exists(folder.resolve(SETTINGS))) {
        throw new FeedbackStoreException(
            folder + " already holds a feedback dataset. Open it, or choose another folder.");
      }
      StoreLock lock = StoreLock.acquire(folder);
      // The settings come last: a store that has them is complete.
      DurableFiles.replace(folder, RECORDS, out -> {});
      writeSettings(folder, settings);
      return opened(folder, lock);
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  /**
   * Opens a store for reading and writing.
   *
   * @throws FeedbackStoreException if there is none, another writer has it, or a line is damaged
   */
  public static FileStore open(Path folder) {
    checkPresent(folder);
    try {
      return opened(folder, StoreLock.acquire(folder));
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  /** Reads what a store holds now, without a lock; changes to the result stay in memory. */
  public static FeedbackDataset read(Path folder) {
    checkPresent(folder);
    FeedbackDataset dataset = FeedbackDataset.of(readSettings(folder));
    LogReader.replay(folder.resolve(RECORDS), dataset);
    return dataset;
  }

  private static FileStore opened(Path folder, StoreLock lock) throws IOException {
    try {
      return new FileStore(folder, lock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static void checkPresent(Path folder) {
    if (!Files.exists(folder.resolve(SETTINGS))) {
      throw new FeedbackStoreException(
          folder
              + " holds no feedback dataset: there is no "
              + SETTINGS
              + ". Check the path, or create a store there.");
    }
  }

  private static FeedbackStoreException unusable(Path folder, IOException cause) {
    return new FeedbackStoreException(
        "%s cannot be used as a store: %s. Check the path, permissions and free disk space."
            .formatted(folder, cause),
        cause);
  }

  private static FeedbackSettings readSettings(Path folder) {
    Path file = folder.resolve(SETTINGS);
    try {
      return SettingsFormat.read(file.toString(), JSON.readValue(file.toFile(), Map.class));
    } catch (JsonProcessingException e) {
      throw new FeedbackStoreException(
          "%s line %d is not valid JSON: %s. Restore the file from a copy."
              .formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private static void writeSettings(Path folder, FeedbackSettings settings) throws IOException {
    byte[] json =
        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(SettingsFormat.write(settings));
    DurableFiles.replace(folder, SETTINGS, out -> out.write(json));
  }

  /** The dataset; every change to it is stored before it takes effect. */
  public FeedbackDataset dataset() {
    return dataset;
  }

  /** The number of the last change: it grows by one with each and names the dataset's version. */
  public long version() {
    return lastSequence;
  }

  /** Rewrites the log so that it holds each record once, as it is now. */
  public void compact() {
    checkOpen();
    Path file = folder.resolve(RECORDS);
    List<FeedbackRecord> records = dataset.records();
    try {
      DurableFiles.replace(
          folder,
          RECORDS,
          out -> {
            long sequence = lastSequence;
            for (FeedbackRecord record : records) {
              out.write(format.write(++sequence, new Change.RecordAdded(record)));
              out.write('\n');
            }
          });
      log.close();
      log = RecordLog.open(file, Files.size(file));
      lastSequence += records.size();
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (lock) {
      log.close();
    } catch (IOException e) {
      throw unusable(folder, e);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new FeedbackStoreException(
          folder + " was closed, so nothing more can be stored. Open it again.");
    }
  }

  /** Writes the changes of the dataset, except those that come from the file itself. */
  private final class Log implements ChangeLog {

    @Override
    public void append(List<Change> changes) {
      if (replaying || changes.isEmpty()) {
        return;
      }
      checkOpen();
      List<byte[]> lines = new ArrayList<>();
      long sequence = lastSequence;
      for (Change change : changes) {
        lines.add(format.write(++sequence, change));
      }
      log.append(lines);
      lastSequence = sequence;
    }

    @Override
    public void replaceSettings(FeedbackSettings settings) {
      // Earlier lines may break the new rules; the records as they are now keep to old and new.
      compact();
      try {
        writeSettings(folder, settings);
      } catch (IOException e) {
        throw unusable(folder, e);
      }
      format = new ChangeFormat(settings);
    }
  }
}
