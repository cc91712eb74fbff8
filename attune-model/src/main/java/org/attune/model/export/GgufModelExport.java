package org.attune.model.export;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attune.model.LanguageModel;
import org.attune.model.gguf.GgufExport;
import org.attune.model.gguf.GgufType;
import org.attune.model.gguf.GgufWriter;
import org.attune.model.gguf.WeightNumbers;
import org.attune.model.weights.WeightSpec;
import org.attune.tensor.TensorScope;

/** Writes a model as one GGUF file: what it is, its tokenizer, its weights. */
final class GgufModelExport {
  private GgufModelExport() {}

  static void write(LanguageModel model, Path named, GgufType type, Path file) {
    GgufWriter writer = new GgufWriter();
    GgufExport export = new GgufExport(model.config(), type);
    export.putConfig(named.getFileName().toString().replaceFirst("(?i)\\.gguf$", ""), writer);
    if (model.hasTokenizer()) {
      new VocabularyExport(model.source(), model.tokenizer(), model.architecture().vocabularySize())
          .put(writer);
    }
    try (TensorScope scope = TensorScope.open()) {
      Map<String, List<Long>> shapes = new LinkedHashMap<>();
      for (WeightSpec spec : model.weights().specs()) {
        shapes.put(spec.name(), Arrays.stream(spec.shape()).boxed().toList());
      }
      export.putTensors(shapes, name -> WeightNumbers.of(model.weights().get(name)), writer);
      writer.write(file);
    }
  }
}
