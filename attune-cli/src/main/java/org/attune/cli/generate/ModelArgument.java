package org.attune.cli.generate;

import java.nio.file.Path;
import org.attune.tensor.DType;
import picocli.CommandLine.Option;

/** Which model reads or writes. */
final class ModelArgument {
  /** In which type the linear layers multiply. */
  enum Dtype {
    FP32,
    BF16
  }

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = {
        "A model's directory, a GGUF file, or a run's directory: then its latest checkpoint.",
        "Or a model of the hub: hf:org/name, hf:org/name@revision."
      })
  private String name = "";

  Path folder() {
    return ModelFolder.find(name);
  }

  static DType type(Dtype dtype) {
    return dtype == Dtype.BF16 ? DType.BFLOAT16 : DType.FLOAT32;
  }
}
