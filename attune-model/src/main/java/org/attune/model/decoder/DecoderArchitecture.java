package org.attune.model.decoder;

import java.util.List;
import org.attune.model.rotary.RotaryScaling;
import org.attune.model.transformer.Architecture;
import org.attune.model.weights.WeightSpec;

/** A family of decoders with Llama's names of weights. */
public interface DecoderArchitecture extends Architecture {
  DecoderSettings settings();

  /** How positions turn; where layers differ, in those that see whole texts. */
  RotaryScaling rotary();

  @Override
  default String bodyPrefix() {
    return "model.";
  }

  @Override
  default int vocabularySize() {
    return settings().vocabularySize();
  }

  @Override
  default int hiddenSize() {
    return settings().hiddenSize();
  }

  @Override
  default int layers() {
    return settings().layers();
  }

  @Override
  default int keyHeads() {
    return settings().heads().keyHeads();
  }

  @Override
  default int headSize() {
    return settings().heads().headSize();
  }

  @Override
  default int contextLength() {
    return rotary().contextLength(settings().contextLength());
  }

  @Override
  default double initializerRange() {
    return settings().initializerRange();
  }

  @Override
  default List<WeightSpec> outputWeights() {
    return settings().tied()
        ? List.of()
        : List.of(new WeightSpec("lm_head.weight", vocabularySize(), hiddenSize()));
  }
}
