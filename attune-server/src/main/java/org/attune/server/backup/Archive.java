package org.attune.server.backup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.attune.data.InvalidInputException;

/** A backup that is read. */
final class Archive implements AutoCloseable {

  private final Path file;
  private final ZipFile zip;
  private final Manifest manifest;

  private Archive(Path file, ZipFile zip, Manifest manifest) {
    this.file = file;
    this.zip = zip;
    this.manifest = manifest;
  }

  /**
   * Opens a backup and looks at its list of contents.
   *
   * @throws BackupException if it has none that can be read
   */
  static Archive open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException("There is no backup %s. Check its name.".formatted(file));
    }
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw damaged(file, "it is no whole ZIP archive (" + e.getMessage() + ")");
    }
    boolean opened = false;
    try {
      Manifest manifest = manifest(file, zip);
      opened = true;
      return new Archive(file, zip, manifest);
    } finally {
      if (!opened) {
        zip.close();
      }
    }
  }

  private static Manifest manifest(Path file, ZipFile zip) throws IOException {
    ZipEntry entry = zip.getEntry(Manifest.NAME);
    if (entry == null) {
      throw new BackupException(
          "%s is no backup of attune server: it has no %s. Name another file."
              .formatted(file, Manifest.NAME));
    }
    Manifest manifest;
    try (InputStream json = zip.getInputStream(entry)) {
      manifest = Manifest.read(json);
    } catch (BackupException | ZipException e) {
      throw damaged(file, "its list of contents cannot be read");
    }
    if (manifest.attuneBackup() != Manifest.FORM) {
      throw new BackupException(
          "%s has the form %d of a backup, and this Attune reads %d. Restore it with the Attune that made it."
              .formatted(file, manifest.attuneBackup(), Manifest.FORM));
    }
    return manifest;
  }

  private static BackupException damaged(Path file, String how) {
    return new BackupException(
        "The backup %s is damaged: %s. Nothing was restored; use another copy."
            .formatted(file, how));
  }

  Manifest manifest() {
    return manifest;
  }

  /** Reads everything once; reports all that is not as it was when it was written. */
  void verify(Progress progress) throws IOException {
    List<Manifest.Part> parts = new ArrayList<>(manifest.tables());
    parts.addAll(manifest.files());
    List<String> faults = new ArrayList<>();
    long total = parts.stream().mapToLong(Manifest.Part::bytes).sum();
    long done = 0;
    for (Manifest.Part part : parts) {
      if (!isWhole(part)) {
        faults.add(part.entry());
      }
      done += part.bytes();
      progress.at("check", done, total);
    }
    if (!faults.isEmpty()) {
      throw damaged(file, faults + " differ from what was written");
    }
  }

  private boolean isWhole(Manifest.Part part) throws IOException {
    ZipEntry entry = zip.getEntry(part.entry());
    if (entry == null || entry.getSize() != part.bytes()) {
      return false;
    }
    try (InputStream content = zip.getInputStream(entry)) {
      Digest digest = new Digest(OutputStream.nullOutputStream());
      content.transferTo(digest);
      return digest.bytes() == part.bytes() && digest.sha256().equals(part.sha256());
    } catch (ZipException | EOFException e) {
      return false;
    }
  }

  InputStream content(Manifest.Part part) throws IOException {
    ZipEntry entry = zip.getEntry(part.entry());
    if (entry == null) {
      throw damaged(file, part.entry() + " is missing");
    }
    return zip.getInputStream(entry);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
