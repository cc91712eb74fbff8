package org.attune.train.session;

import java.nio.file.Path;
import org.attune.data.hub.HubLocation;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.adapter.AdapterDirectory;
import org.attune.model.adapter.Adapters;
import org.attune.model.adapter.BiasTraining;
import org.attune.model.adapter.LoraConfig;
import org.attune.model.adapter.LoraInit;
import org.attune.model.adapter.ModuleSelection;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.quantize.Quantization;
import org.attune.run.AdapterConfig;
import org.attune.run.BaseQuantization;
import org.attune.run.RunConfig;
import org.attune.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * How a run that trains an adapter comes to its model, whose frozen weights are kept in the type
 * that its layers multiply in.
 */
record AdapterStart(RunConfig run, HubLocation location, DType computeType) {

  boolean isWanted() {
    return run.lora().r() != null;
  }

  /** The base with a new adapter, which is active. */
  LanguageModel fresh(Head head) {
    Path base = base();
    String tokenizer = run.tokenizer();
    long seed = run.training().seed();
    LanguageModel model =
        LanguageModel.load(
            base,
            tokenizer == null ? base : location.model(tokenizer),
            head,
            seed,
            quantization(),
            computeType);
    try {
      model.adapters().add(Adapters.DEFAULT, loraConfig(), seed);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** The base with the adapter of a checkpoint. */
  LanguageModel resumed(Path checkpoint, Head head) {
    return LanguageModel.withAdapter(
        base(), checkpoint, head, run.training().seed(), quantization(), computeType);
  }

  private @Nullable Quantization quantization() {
    BaseQuantization asked = run.lora().quantize();
    return asked == null ? null : Quantization.valueOf(asked.name());
  }

  private Path base() {
    Path base = location.model(run.model());
    if (AdapterDirectory.isOne(base)) {
      throw new CheckpointException(
          "model %s is an adapter itself, and a new one cannot stand on it. Export it merged with its base and start from that, or leave lora out to train all weights."
              .formatted(base));
    }
    return base;
  }

  private LoraConfig loraConfig() {
    AdapterConfig lora = run.lora();
    Integer rank = lora.r();
    return LoraConfig.builder()
        .rank(rank == null ? 0 : rank)
        .alpha(lora.alpha())
        .dropout(lora.dropout())
        .targets(targets(lora))
        .excluded(new ModuleSelection(lora.excludeModules(), null))
        .layers(lora.layersToTransform())
        .layersPatterns(lora.layersPattern())
        .rankPattern(lora.rankPattern())
        .alphaPattern(lora.alphaPattern())
        .rsLora(lora.rslora())
        .dora(lora.dora())
        .bias(BiasTraining.valueOf(lora.bias().name()))
        .modulesToSave(lora.modulesToSave())
        .init(LoraInit.valueOf(lora.init().name()))
        .build();
  }

  private static ModuleSelection targets(AdapterConfig lora) {
    if (lora.targetModules().contains("all-linear")) {
      return ModuleSelection.ALL_LINEAR;
    }
    return new ModuleSelection(lora.targetModules(), lora.targetPattern());
  }
}
