package org.attune.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tensors of a model directory, whether in one file or in shards, of safetensors or of
 * PyTorch's pickles.
 */
public final class SavedWeights implements StoredTensors {
  private final Path source;
  private final List<WeightFile> files;
  private final Map<String, Stored> tensors;

  /** A tensor in one of the files, under the name that it has there. */
  private record Stored(String name, WeightFile file) {}

  /** The formats of weights, the preferred one first. */
  private enum Format {
    SAFETENSORS(SafetensorsWriter.SINGLE_FILE, SafetensorsWriter.INDEX_FILE) {
      @Override
      WeightFile open(Path file) {
        return SafetensorsFile.open(file);
      }
    },
    PYTORCH("pytorch_model.bin", "pytorch_model.bin.index.json") {
      @Override
      WeightFile open(Path file) {
        return PytorchFile.open(file);
      }
    };

    private final String singleFile;
    private final String indexFile;

    Format(String singleFile, String indexFile) {
      this.singleFile = singleFile;
      this.indexFile = indexFile;
    }

    abstract WeightFile open(Path file);
  }

  private SavedWeights(Path source, List<WeightFile> files, Map<String, Stored> tensors) {
    this.source = source;
    this.files = files;
    this.tensors = tensors;
  }

  /**
   * Opens the weights of a model directory. Safetensors win over pickles, and a single file over
   * shards, as in transformers.
   *
   * @throws CheckpointException if there are none, a shard is missing, or a file is damaged
   */
  public static SavedWeights open(Path directory) {
    for (Format format : Format.values()) {
      Path single = directory.resolve(format.singleFile);
      if (Files.exists(single)) {
        WeightFile file = format.open(single);
        return new SavedWeights(single, List.of(file), canonical(byName(file)));
      }
      Path index = directory.resolve(format.indexFile);
      if (Files.exists(index)) {
        return openShards(directory, index, format);
      }
    }
    throw new CheckpointException(
        "%s has no weights: it has none of %s. Copy them from where the model came from."
            .formatted(
                directory,
                Stream.of(Format.values())
                    .flatMap(format -> Stream.of(format.singleFile, format.indexFile))
                    .collect(Collectors.joining(", "))));
  }

  @Override
  public Path source() {
    return source;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public List<Long> shape(String name) {
    return info(name).shape();
  }

  public TensorInfo info(String name) {
    Stored stored = stored(name);
    return stored.file.info(stored.name);
  }

  /** See {@link SafetensorsFile#data}. */
  public ByteBuffer data(String name) {
    Stored stored = stored(name);
    return stored.file.data(stored.name);
  }

  /** See {@link SafetensorsFile#forEachChunk}. */
  public void forEachChunk(String name, Consumer<ByteBuffer> consumer) {
    Stored stored = stored(name);
    stored.file.forEachChunk(stored.name, consumer);
  }

  @Override
  public void readFloats(String name, long first, FloatBuffer target) {
    Stored stored = stored(name);
    stored.file.readFloats(stored.name, first, target);
  }

  @Override
  public void close() {
    files.forEach(WeightFile::close);
  }

  private Stored stored(String name) {
    Stored stored = tensors.get(name);
    if (stored == null) {
      throw new CheckpointException(
          "%s has no tensor %s; it has %s.".formatted(source, name, NameList.of(names())));
    }
    return stored;
  }

  /** TensorFlow's names of a norm's weight and bias, which old checkpoints of BERT have. */
  private static Map<String, Stored> canonical(Map<String, WeightFile> fileByTensor) {
    Map<String, Stored> tensors = new LinkedHashMap<>();
    fileByTensor.forEach(
        (name, file) -> {
          String canonical =
              name.replace("LayerNorm.gamma", "LayerNorm.weight")
                  .replace("LayerNorm.beta", "LayerNorm.bias");
          if (tensors.putIfAbsent(canonical, new Stored(name, file)) != null) {
            throw new CheckpointException(
                "%s has the tensor %s under two names. Remove one of them."
                    .formatted(file.path(), canonical));
          }
        });
    return tensors;
  }

  private static Map<String, WeightFile> byName(WeightFile file) {
    Map<String, WeightFile> fileByTensor = new LinkedHashMap<>();
    file.names().forEach(name -> fileByTensor.put(name, file));
    return fileByTensor;
  }

  private static SavedWeights openShards(Path directory, Path index, Format format) {
    Map<String, List<String>> tensorsByShard = tensorsByShard(index);
    List<String> missing =
        tensorsByShard.keySet().stream()
            .filter(shard -> !Files.exists(directory.resolve(shard)))
            .toList();
    if (!missing.isEmpty()) {
      throw new CheckpointException(
          "%s names %d files of weights, but %d are not there: %s. Copy them again."
              .formatted(index, tensorsByShard.size(), missing.size(), NameList.of(missing)));
    }
    List<WeightFile> files = new ArrayList<>();
    try {
      Map<String, WeightFile> fileByTensor = new LinkedHashMap<>();
      List<String> absent = new ArrayList<>();
      tensorsByShard.forEach(
          (shard, names) -> {
            WeightFile file = format.open(directory.resolve(shard));
            files.add(file);
            for (String name : names) {
              fileByTensor.put(name, file);
              if (!file.names().contains(name)) {
                absent.add(name + " in " + shard);
              }
            }
          });
      if (!absent.isEmpty()) {
        throw new CheckpointException(
            "%s names %d tensors that are not in their files: %s. Copy the index and its files again."
                .formatted(index, absent.size(), NameList.of(absent)));
      }
      return new SavedWeights(index, files, canonical(fileByTensor));
    } catch (RuntimeException e) {
      files.forEach(WeightFile::close);
      throw e;
    }
  }

  private static Map<String, List<String>> tensorsByShard(Path index) {
    ConfigJson json = ConfigJson.read(index);
    ConfigJson map =
        json.object("weight_map")
            .orElseThrow(() -> json.mismatch("weight_map", "an object of tensor and file names"));
    Map<String, List<String>> tensorsByShard = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : map.toJson().properties()) {
      String shard = entry.getValue().asText();
      // a name that climbs out of the directory could read any file of the machine
      if (!entry.getValue().isTextual()
          || shard.isEmpty()
          || shard.contains("/")
          || shard.contains("\\")) {
        throw map.mismatch(entry.getKey(), "the name of a file in the same directory");
      }
      tensorsByShard.computeIfAbsent(shard, key -> new ArrayList<>()).add(entry.getKey());
    }
    return tensorsByShard;
  }
}
