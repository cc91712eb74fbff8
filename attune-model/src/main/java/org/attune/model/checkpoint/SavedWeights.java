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

/** The tensors of a model directory, whether in {@code model.safetensors} or in shards. */
public final class SavedWeights implements StoredTensors {
  private final Path source;
  private final List<SafetensorsFile> files;
  private final Map<String, SafetensorsFile> fileByTensor;

  private SavedWeights(
      Path source, List<SafetensorsFile> files, Map<String, SafetensorsFile> fileByTensor) {
    this.source = source;
    this.files = files;
    this.fileByTensor = fileByTensor;
  }

  /**
   * Opens the weights of a model directory. A single file wins over shards, as in transformers.
   *
   * @throws CheckpointException if there are none, a shard is missing, or a file is damaged
   */
  public static SavedWeights open(Path directory) {
    Path single = directory.resolve(SafetensorsWriter.SINGLE_FILE);
    if (Files.exists(single)) {
      SafetensorsFile file = SafetensorsFile.open(single);
      Map<String, SafetensorsFile> fileByTensor = new LinkedHashMap<>();
      file.names().forEach(name -> fileByTensor.put(name, file));
      return new SavedWeights(single, List.of(file), fileByTensor);
    }
    Path index = directory.resolve(SafetensorsWriter.INDEX_FILE);
    if (Files.exists(index)) {
      return openShards(directory, index);
    }
    throw new CheckpointException(
        "%s has no weights: neither %s nor %s is there. %s"
            .formatted(
                directory,
                SafetensorsWriter.SINGLE_FILE,
                SafetensorsWriter.INDEX_FILE,
                Files.exists(directory.resolve("pytorch_model.bin"))
                    ? "Save the model with safetensors; pytorch_model.bin is not read."
                    : "Copy them from where the model came from."));
  }

  @Override
  public Path source() {
    return source;
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(fileByTensor.keySet());
  }

  @Override
  public List<Long> shape(String name) {
    return info(name).shape();
  }

  public TensorInfo info(String name) {
    return file(name).info(name);
  }

  /** See {@link SafetensorsFile#data}. */
  public ByteBuffer data(String name) {
    return file(name).data(name);
  }

  /** See {@link SafetensorsFile#forEachChunk}. */
  public void forEachChunk(String name, Consumer<ByteBuffer> consumer) {
    file(name).forEachChunk(name, consumer);
  }

  @Override
  public void readFloats(String name, FloatBuffer target) {
    file(name).readFloats(name, target);
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }

  private SafetensorsFile file(String name) {
    SafetensorsFile file = fileByTensor.get(name);
    if (file == null) {
      throw new CheckpointException(
          "%s has no tensor %s; it has %s.".formatted(source, name, NameList.of(names())));
    }
    return file;
  }

  private static SavedWeights openShards(Path directory, Path index) {
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
    List<SafetensorsFile> files = new ArrayList<>();
    try {
      Map<String, SafetensorsFile> fileByTensor = new LinkedHashMap<>();
      List<String> absent = new ArrayList<>();
      tensorsByShard.forEach(
          (shard, names) -> {
            SafetensorsFile file = SafetensorsFile.open(directory.resolve(shard));
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
      return new SavedWeights(index, files, fileByTensor);
    } catch (RuntimeException e) {
      files.forEach(SafetensorsFile::close);
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
