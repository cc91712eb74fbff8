package org.attune.model;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.attune.model.checkpoint.SafetensorsWriter;
import org.attune.model.checkpoint.SavedForm;
import org.attune.model.checkpoint.StoredType;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.Weights;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;

/**
 * Writes weights as transformers names them; the value head, which it does not know, into a file
 * apart.
 */
final class WeightSaver {
  static final String VALUE_HEAD = "value_head.safetensors";

  /** Elements that are written at once. */
  private static final long PIECE = 1L << 28;

  private WeightSaver() {}

  static void save(Weights weights, Path directory, SavedForm form) {
    try (TensorScope scope = TensorScope.open()) {
      SafetensorsWriter model = new SafetensorsWriter();
      SafetensorsWriter valueHead = new SafetensorsWriter();
      boolean hasValueHead = false;
      for (WeightSpec spec : weights.specs()) {
        boolean isValueHead = spec.name().startsWith("v_head.");
        hasValueHead |= isValueHead;
        List<Long> shape = Arrays.stream(spec.shape()).boxed().toList();
        Tensor values = weights.get(spec.name()).view(spec.count());
        (isValueHead ? valueHead : model)
            .addFloats(
                spec.name(),
                isValueHead ? StoredType.F32 : form.type(),
                shape,
                consumer -> forEachPiece(values, consumer));
      }
      model.writeDirectory(directory, form.maxShardBytes());
      if (hasValueHead) {
        valueHead.writeFile(directory.resolve(VALUE_HEAD));
      }
    }
  }

  /** Piece by piece, because no Java buffer sees more than 2 GiB. */
  private static void forEachPiece(Tensor values, Consumer<FloatBuffer> consumer) {
    for (long at = 0; at < values.count(); at += PIECE) {
      long first = at;
      long count = Math.min(PIECE, values.count() - first);
      TensorScope.use(() -> consumer.accept(values.narrow(0, first, count).floats()));
    }
  }
}
