package org.attune.model.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the entries of a zip file lie whose entries are all stored uncompressed, as PyTorch writes
 * them.
 *
 * <p>Nothing is ever unpacked, so that no entry can be larger than the file, and the names of
 * entries are never names of files. Format: PKWARE's APPNOTE 6.3, sections 4.3.7 to 4.3.16.
 */
final class StoredZip {
  /** An entry's bytes in the file. */
  record Entry(String name, long position, long bytes) {}

  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int CENTRAL_END = 0x06054b50;
  private static final int CENTRAL_END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int CENTRAL_HEADER_BYTES = 46;
  private static final int CENTRAL_END_BYTES = 22;
  private static final int LOCATOR_64_BYTES = 20;
  private static final int CENTRAL_END_64_BYTES = 56;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final long IN_EXTRA_FIELD = 0xffffffffL;

  /** As for safetensors: a longer directory is taken for a damaged length. */
  private static final long MAX_DIRECTORY_BYTES = 100_000_000;

  private final Path file;
  private final FileChannel channel;
  private final long fileBytes;

  private StoredZip(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    fileBytes = channel.size();
  }

  /**
   * The entries of a zip file by name, without the folder that all of them lie in.
   *
   * @throws CheckpointException if the file is damaged, or an entry is compressed or reaches into
   *     another one
   */
  static Map<String, Entry> entries(Path file, FileChannel channel) throws IOException {
    try {
      return new StoredZip(file, channel).read();
    } catch (BufferUnderflowException e) {
      throw damaged(file, "its directory ends within an entry");
    }
  }

  private Map<String, Entry> read() throws IOException {
    ByteBuffer directory = directory();
    List<Entry> entries = new ArrayList<>();
    while (directory.remaining() >= CENTRAL_HEADER_BYTES
        && directory.getInt(directory.position()) == CENTRAL_HEADER) {
      entries.add(next(directory));
    }
    requireApart(entries);
    Map<String, Entry> byName = new LinkedHashMap<>();
    for (Entry entry : entries) {
      String name = entry.name().substring(entry.name().indexOf('/') + 1);
      if (byName.put(name, entry) != null) {
        throw damaged(file, "it has two entries named " + name);
      }
    }
    return byName;
  }

  private ByteBuffer directory() throws IOException {
    long tailBytes = Math.min(fileBytes, CENTRAL_END_BYTES + LONGEST_COMMENT);
    ByteBuffer tail = bytes(fileBytes - tailBytes, tailBytes);
    int end = tail.limit() - CENTRAL_END_BYTES;
    while (end >= 0 && tail.getInt(end) != CENTRAL_END) {
      end--;
    }
    if (end < 0) {
      throw damaged(file, "it has no directory at its end; it is truncated");
    }
    long size = Integer.toUnsignedLong(tail.getInt(end + 12));
    long position = Integer.toUnsignedLong(tail.getInt(end + 16));
    int locator = end - LOCATOR_64_BYTES;
    if (locator >= 0 && tail.getInt(locator) == LOCATOR_64) {
      ByteBuffer end64 = bytes(tail.getLong(locator + 8), CENTRAL_END_64_BYTES);
      if (end64.getInt(0) != CENTRAL_END_64) {
        throw damaged(file, "its directory is not where its end says");
      }
      size = end64.getLong(40);
      position = end64.getLong(48);
    }
    if (size < 0 || size > MAX_DIRECTORY_BYTES) {
      throw damaged(
          file,
          "its directory would have %s bytes, but %d are possible"
              .formatted(Long.toUnsignedString(size), MAX_DIRECTORY_BYTES));
    }
    return bytes(position, size);
  }

  private Entry next(ByteBuffer directory) throws IOException {
    ByteBuffer header = directory.slice().order(ByteOrder.LITTLE_ENDIAN);
    int flags = header.getShort(8);
    int method = header.getShort(10);
    long stored = Integer.toUnsignedLong(header.getInt(20));
    long unpacked = Integer.toUnsignedLong(header.getInt(24));
    int nameBytes = Short.toUnsignedInt(header.getShort(28));
    int extraBytes = Short.toUnsignedInt(header.getShort(30));
    int commentBytes = Short.toUnsignedInt(header.getShort(32));
    long position = Integer.toUnsignedLong(header.getInt(42));
    int length = CENTRAL_HEADER_BYTES + nameBytes + extraBytes + commentBytes;
    if (length > directory.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] text = new byte[nameBytes];
    header.position(CENTRAL_HEADER_BYTES).get(text);
    String name = new String(text, UTF_8);
    ByteBuffer extra = extra64(header, extraBytes);
    if (unpacked == IN_EXTRA_FIELD) {
      unpacked = extra.getLong();
    }
    if (stored == IN_EXTRA_FIELD) {
      stored = extra.getLong();
    }
    if (position == IN_EXTRA_FIELD) {
      position = extra.getLong();
    }
    if (method != 0 || stored != unpacked || (flags & 1) != 0) {
      throw new CheckpointException(
          "%s: entry %s is compressed or encrypted. PyTorch stores entries as they are; save the file again with torch.save."
              .formatted(file, name));
    }
    directory.position(directory.position() + length);
    return new Entry(name, dataPosition(name, position, stored), stored);
  }

  /** The zip64 extra field's values, or nothing. */
  private static ByteBuffer extra64(ByteBuffer header, int extraBytes) {
    int end = header.position() + extraBytes;
    while (header.position() + 4 <= end) {
      int id = Short.toUnsignedInt(header.getShort());
      int bytes = Short.toUnsignedInt(header.getShort());
      if (bytes > end - header.position()) {
        break;
      }
      if (id == 1) {
        return header.slice(header.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
      }
      header.position(header.position() + bytes);
    }
    return ByteBuffer.allocate(0);
  }

  private long dataPosition(String name, long position, long stored) throws IOException {
    ByteBuffer local = bytes(position, LOCAL_HEADER_BYTES);
    if (local.getInt(0) != LOCAL_HEADER) {
      throw damaged(file, "entry %s is not where the directory says".formatted(name));
    }
    long start =
        position
            + LOCAL_HEADER_BYTES
            + Short.toUnsignedInt(local.getShort(26))
            + Short.toUnsignedInt(local.getShort(28));
    if (stored < 0 || stored > fileBytes - start) {
      throw damaged(
          file,
          "entry %s of %s bytes at byte %d lies outside of it"
              .formatted(name, Long.toUnsignedString(stored), start));
    }
    return start;
  }

  private void requireApart(List<Entry> entries) {
    List<Entry> ordered = new ArrayList<>(entries);
    ordered.sort(Comparator.comparingLong(Entry::position).thenComparingLong(Entry::bytes));
    for (int i = 1; i < ordered.size(); i++) {
      Entry before = ordered.get(i - 1);
      if (before.position() + before.bytes() > ordered.get(i).position()) {
        throw damaged(
            file, "entries %s and %s overlap".formatted(before.name(), ordered.get(i).name()));
      }
    }
  }

  private ByteBuffer bytes(long position, long length) throws IOException {
    if (position < 0 || position > fileBytes - length) {
      throw damaged(
          file,
          "byte %s, where its directory points to, lies outside of it"
              .formatted(Long.toUnsignedString(position)));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return bytes.flip();
  }

  private static CheckpointException damaged(Path file, String problem) {
    return new CheckpointException(
        "%s is no complete PyTorch file: %s. Copy or write the file again."
            .formatted(file, problem));
  }
}
