package org.attune.model.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.attune.model.checkpoint.Pickled.Storage;

/**
 * An open file of {@code torch.save}, such as {@code pytorch_model.bin}, whose pickle is
 * {@linkplain PickleMachine read but never executed}. Both forms are known: the zip file of PyTorch
 * 1.6 and later, and the stream of pickles before it.
 */
final class PytorchFile implements WeightFile {
  private static final BigInteger STREAM_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long STREAM_VERSION = 1001;
  private static final long MAX_PICKLE_BYTES = 100_000_000;

  private final Path file;
  private final StoredElements elements;
  private final Map<String, Pickled.Tensor> tensors;

  /** The first byte of each storage, by its key. */
  private final Map<String, Long> positions;

  private PytorchFile(
      Path file,
      FileChannel channel,
      Map<String, Pickled.Tensor> tensors,
      Map<String, Long> positions) {
    this.file = file;
    elements = new StoredElements(file, channel);
    this.tensors = tensors;
    this.positions = positions;
  }

  /**
   * Opens a file and checks that all its tensors lie in it.
   *
   * @throws CheckpointException if the file is missing or damaged, or holds more than tensors
   */
  static PytorchFile open(Path file) {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return isZip(channel) ? openZip(file, channel) : openStream(file, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new CheckpointException(
          "%s does not exist. Copy it from where the model came from.".formatted(file), e);
    } catch (IOException e) {
      throw StoredElements.unreadable(file, e);
    }
  }

  @Override
  public Path path() {
    return file;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public TensorInfo info(String name) {
    return tensor(name).info();
  }

  @Override
  public ByteBuffer data(String name) {
    Pickled.Tensor tensor = contiguous(name);
    if (tensor.info().bytes() > Integer.MAX_VALUE) {
      throw new CheckpointException(
          "%s: tensor %s has %d bytes, more than one buffer holds (%d). Read it in chunks."
              .formatted(file, name, tensor.info().bytes(), Integer.MAX_VALUE));
    }
    return elements.map(position(tensor), tensor.info().bytes());
  }

  @Override
  public void forEachChunk(String name, Consumer<ByteBuffer> consumer) {
    Pickled.Tensor tensor = contiguous(name);
    elements.forEachChunk(position(tensor), tensor.info().bytes(), consumer);
  }

  @Override
  public void readFloats(String name, long first, FloatBuffer target) {
    Pickled.Tensor tensor = tensor(name);
    tensor.info().requireFloats(file, name, first, target.remaining());
    StoredType type = tensor.info().type();
    if (tensor.isContiguous()) {
      elements.readFloats(type, position(tensor) + first * type.bytes(), target);
      return;
    }
    // a transposed weight or the like; rare and small enough to pick elements one by one
    long at = position(tensor);
    ByteBuffer storage =
        elements.map(at, Math.min(Integer.MAX_VALUE, endOfStorage(tensor.storage()) - at));
    for (long i = first; target.hasRemaining(); i++) {
      long index = index(tensor, i);
      FloatElements.put(
          type,
          storage
              .slice(Math.toIntExact(index * type.bytes()), type.bytes())
              .order(ByteOrder.LITTLE_ENDIAN),
          target);
    }
  }

  @Override
  public void close() {
    elements.close();
  }

  /** Where, from its first element on, the i-th element of a tensor is. */
  private static long index(Pickled.Tensor tensor, long i) {
    long index = 0;
    long rest = i;
    for (int dimension = tensor.strides().size() - 1; dimension >= 0; dimension--) {
      long length = tensor.info().shape().get(dimension);
      index += rest % length * tensor.strides().get(dimension);
      rest /= length;
    }
    return index;
  }

  private long position(Pickled.Tensor tensor) {
    return start(tensor.storage()) + tensor.first() * tensor.storage().type().bytes();
  }

  private long endOfStorage(Storage storage) {
    return start(storage) + storage.elements() * storage.type().bytes();
  }

  private long start(Storage storage) {
    Long start = positions.get(storage.key());
    if (start == null) {
      throw new IllegalStateException("storages are checked when the file is opened");
    }
    return start;
  }

  private Pickled.Tensor contiguous(String name) {
    Pickled.Tensor tensor = tensor(name);
    if (!tensor.isContiguous()) {
      throw new CheckpointException(
          "%s: the elements of tensor %s do not lie one behind another. Save tensor.contiguous()."
              .formatted(file, name));
    }
    return tensor;
  }

  private Pickled.Tensor tensor(String name) {
    Pickled.Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException(
          "%s has no tensor %s; it has %s.".formatted(file, name, NameList.of(tensors.keySet())));
    }
    return tensor;
  }

  private static boolean isZip(FileChannel channel) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(2);
    return channel.read(start, 0) == 2 && start.get(0) == 'P' && start.get(1) == 'K';
  }

  private static PytorchFile openZip(Path file, FileChannel channel) throws IOException {
    Map<String, StoredZip.Entry> entries = StoredZip.entries(file, channel);
    StoredZip.Entry pickle = entries.get("data.pkl");
    if (pickle == null) {
      throw new CheckpointException(
          "%s is a zip file without data.pkl, so PyTorch did not write it; it has %s. Give a file of torch.save."
              .formatted(file, NameList.of(entries.keySet())));
    }
    requireLittleEndian(file, channel, entries);
    ByteBuffer program = program(file, channel, pickle.position(), pickle.bytes());
    Map<String, Pickled.Tensor> tensors =
        PickledTensors.of(PickledTensors.machine(program, file.toString()).next(), file.toString());
    Map<String, Long> positions = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          Storage storage = tensor.storage();
          StoredZip.Entry entry = entries.get("data/" + storage.key());
          if (entry == null || entry.bytes() / storage.type().bytes() < storage.elements()) {
            throw damaged(
                file,
                "tensor %s needs %d elements %s of data/%s, but there %s"
                    .formatted(
                        name,
                        storage.elements(),
                        storage.type(),
                        storage.key(),
                        entry == null ? "is no such entry" : "are " + entry.bytes() + " bytes"));
          }
          positions.put(storage.key(), entry.position());
        });
    return new PytorchFile(file, channel, tensors, positions);
  }

  private static void requireLittleEndian(
      Path file, FileChannel channel, Map<String, StoredZip.Entry> entries) throws IOException {
    StoredZip.Entry entry = entries.get("byteorder");
    if (entry == null) {
      return; // PyTorch before 2.1 names no order; all machines that it ran on are little-endian
    }
    String order = UTF_8.decode(program(file, channel, entry.position(), entry.bytes())).toString();
    if (!order.equals("little")) {
      throw damaged(file, "its byte order is \"%s\", but only little is read".formatted(order));
    }
  }

  private static PytorchFile openStream(Path file, FileChannel channel) throws IOException {
    ByteBuffer program = program(file, channel, 0, Math.min(channel.size(), MAX_PICKLE_BYTES));
    PickleMachine machine = PickledTensors.machine(program, file.toString());
    if (program.remaining() < 2 || program.get(0) != (byte) 0x80) {
      throw damaged(file, "it begins neither as a zip file nor as a pickle");
    }
    if (!machine.next().equals(STREAM_MAGIC) || !machine.next().equals(STREAM_VERSION)) {
      throw new CheckpointException(
          "%s is a pickle, but none of torch.save. Save the model's state_dict with torch.save, or convert it to safetensors."
              .formatted(file));
    }
    if (!(machine.next() instanceof Map<?, ?> system)
        || !Boolean.TRUE.equals(system.get("little_endian"))) {
      throw damaged(file, "its byte order is not little-endian");
    }
    Map<String, Pickled.Tensor> tensors = PickledTensors.of(machine.next(), file.toString());
    if (!(machine.next() instanceof List<?> keys)) {
      throw damaged(file, "it has no list of its storages");
    }
    return new PytorchFile(
        file, channel, tensors, streamPositions(file, channel, program.position(), tensors, keys));
  }

  /** The storages follow the pickles, each behind its number of elements. */
  private static Map<String, Long> streamPositions(
      Path file, FileChannel channel, long start, Map<String, Pickled.Tensor> tensors, List<?> keys)
      throws IOException {
    Map<String, Storage> storages = new LinkedHashMap<>();
    tensors.values().forEach(tensor -> storages.put(tensor.storage().key(), tensor.storage()));
    Map<String, Long> positions = new LinkedHashMap<>();
    long at = start;
    for (Object key : keys) {
      Storage storage = key instanceof String text ? storages.get(text) : null;
      if (storage == null) {
        throw damaged(file, "it lists a storage that no tensor needs");
      }
      ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      channel.read(count, at);
      at += Long.BYTES;
      if (count.hasRemaining()
          || count.getLong(0) != storage.elements()
          || storage.elements() > (channel.size() - at) / storage.type().bytes()) {
        throw damaged(
            file,
            "storage %s of %d elements %s is not at byte %d"
                .formatted(storage.key(), storage.elements(), storage.type(), at));
      }
      positions.put(storage.key(), at);
      at += storage.elements() * storage.type().bytes();
    }
    if (!positions.keySet().containsAll(storages.keySet())) {
      throw damaged(file, "it does not list all storages of its tensors");
    }
    return positions;
  }

  private static ByteBuffer program(Path file, FileChannel channel, long position, long bytes)
      throws IOException {
    if (bytes > MAX_PICKLE_BYTES) {
      throw damaged(
          file, "its pickle has %d bytes, but %d are possible".formatted(bytes, MAX_PICKLE_BYTES));
    }
    return channel.map(FileChannel.MapMode.READ_ONLY, position, bytes);
  }

  private static CheckpointException damaged(Path file, String problem) {
    return new CheckpointException(
        "%s is no complete PyTorch file: %s. Copy or write the file again."
            .formatted(file, problem));
  }
}
