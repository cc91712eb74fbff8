package org.attune.server.builder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.server.ServerOptions;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.StorageException;
import org.springframework.stereotype.Component;
import org.springframework.web.multipart.MultipartFile;

/**
 * The files that people uploaded. Their names are made up here; nothing of what a browser sends
 * becomes a part of a path but an ending that is known.
 */
@Component
final class UploadFolder {

  /** The kinds of file that can be read. Compressed ones are refused: nobody knows their size. */
  static final List<String> ENDINGS = List.of("csv", "tsv", "jsonl", "ndjson", "json", "parquet");

  private static final long MOST_BYTES = 256L << 20;
  private static final int LONGEST_SHOWN_NAME = 200;

  private final Path folder;

  UploadFolder(ServerOptions options) {
    this.folder = options.data().resolve("uploads");
  }

  /**
   * Keeps a file, after a look at it.
   *
   * @throws RequestException if it is none that can be read
   */
  Upload keep(String datasetId, MultipartFile file) {
    String shown = shownName(file);
    String ending = shown.substring(shown.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (!ENDINGS.contains(ending)) {
      throw RequestException.unprocessable(
          "“%s” is of no kind that can be read. Use one of %s.".formatted(shown, ENDINGS));
    }
    if (file.getSize() > MOST_BYTES) {
      throw RequestException.unprocessable(
          "“%s” has %d MB, and at most %d can be uploaded. Split it, or push it with a client."
              .formatted(shown, file.getSize() >> 20, MOST_BYTES >> 20));
    }
    String stored = UUID.randomUUID() + "." + ending;
    Path path = folder.resolve(stored);
    try (InputStream content = file.getInputStream()) {
      Files.createDirectories(folder);
      Files.copy(content, path);
    } catch (IOException e) {
      throw new StorageException("The upload cannot be kept in " + folder + ": " + e, e);
    }
    Upload upload = new Upload(datasetId, shown, stored, Map.of());
    try {
      if (read(upload).columns().isEmpty()) {
        throw RequestException.unprocessable("“" + shown + "” has no columns. Give it a heading.");
      }
    } catch (RequestException e) {
      remove(stored);
      throw e;
    }
    return upload;
  }

  private static String shownName(MultipartFile file) {
    String name = String.valueOf(file.getOriginalFilename());
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    return last.length() > LONGEST_SHOWN_NAME
        ? last.substring(last.length() - LONGEST_SHOWN_NAME)
        : last;
  }

  /** The rows of a file. */
  Dataset read(Upload upload) {
    try {
      return Dataset.read(path(upload));
    } catch (DatasetFormatException e) {
      throw RequestException.unprocessable(told(e, upload));
    }
  }

  /** What is wrong with a file, with the name that its owner knows. */
  String told(DatasetFormatException e, Upload upload) {
    return String.valueOf(e.getMessage())
        .replace(path(upload).toString(), "“" + upload.fileName() + "”")
        .replace(upload.storedAs(), upload.fileName());
  }

  Path path(Upload upload) {
    return folder.resolve(upload.storedAs());
  }

  void remove(String storedAs) {
    try {
      Files.deleteIfExists(folder.resolve(storedAs));
    } catch (IOException e) {
      throw new StorageException("The upload " + storedAs + " cannot be deleted: " + e, e);
    }
  }
}
