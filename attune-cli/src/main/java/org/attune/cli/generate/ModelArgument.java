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
      paramLabel = "DIR",
      description =
          "A model's directory, a GGUF file, or a run's directory: then its latest checkpoint.")
  private String name = "";

  Path folder() {
    return ModelFolder.find(name);
  }

  static DType type(Dtype dtype) {
    return dtype == Dtype.BF16 ? DType.BFLOAT16 : DType.FLOAT32;
  }
}
