package org.attune.model.gguf;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.checkpoint.StoredTensors;

/**
 * The weights of a GGUF file by the names, and in the arrangement, that transformers gives them.
 */
final class GgufWeights implements StoredTensors {
  private final GgufFile file;
  private final Map<String, Part> parts;

  /** The rows of a tensor of the file that are a tensor of transformers. */
  private record Part(
      GgufTensor tensor, long firstRow, long rows, List<Long> shape, RowLayout layout) {}

  private GgufWeights(GgufFile file, Map<String, Part> parts) {
    this.file = file;
    this.parts = parts;
  }

  static GgufWeights open(Path path) {
    GgufFile file = GgufFile.open(path);
    try {
      return new GgufWeights(file, parts(file));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Map<String, Part> parts(GgufFile file) {
    GgufFamily family =
        GgufFamilies.of(new GgufMetadata(file.path(), file.metadata()), file.tensors());
    ConfigJson config = GgufModel.config(file);
    Map<String, Part> parts = new LinkedHashMap<>();
    for (GgufTensor tensor : file.tensors().values()) {
      if (FrequencyTensors.NAMES.contains(tensor.name())) {
        continue;
      }
      TensorName name = TensorName.of(tensor.name(), family);
      if (name.isOfExperts()) {
        long experts = tensor.shape().get(0);
        long rows = tensor.rows() / experts;
        for (int i = 0; i < experts; i++) {
          parts.put(
              name.ofExpert(i),
              new Part(
                  tensor,
                  i * rows,
                  rows,
                  tensor.shape().subList(1, tensor.shape().size()),
                  name.arrangement().of(rows, tensor.columns(), config)));
        }
      } else {
        parts.put(name.transformers(), whole(tensor, name, config));
      }
    }
    return parts;
  }

  private static Part whole(GgufTensor tensor, TensorName name, ConfigJson config) {
    long rows = tensor.rows();
    long columns = tensor.columns();
    List<Long> shape = new ArrayList<>(tensor.shape());
    if (name.arrangement() == Arrangement.TRANSPOSED) {
      Collections.reverse(shape);
    }
    if (name.transformers().endsWith(".shared_expert_gate.weight") && shape.size() == 1) {
      shape.add(0, 1L);
    }
    RowLayout layout =
        shape.size() == 1
            ? name.arrangement().ofVector(columns, config)
            : name.arrangement().of(rows, columns, config);
    return new Part(tensor, 0, rows, shape, layout);
  }

  @Override
  public Path source() {
    return file.path();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(parts.keySet());
  }

  @Override
  public List<Long> shape(String name) {
    return part(name).shape();
  }

  @Override
  public void readFloats(String name, long first, FloatBuffer target) {
    Part part = part(name);
    long elements = part.rows() * part.tensor().columns();
    requireRange(name, elements, first, target.remaining());
    file.readRows(
        part.tensor(),
        part.firstRow(),
        part.rows(),
        (row, values) -> part.layout().put(row - part.firstRow(), values, first, target));
  }

  @Override
  public void close() {
    file.close();
  }

  private Part part(String name) {
    Part part = parts.get(name);
    if (part == null) {
      throw new CheckpointException("%s has no tensor for %s.".formatted(source(), name));
    }
    return part;
  }
}
