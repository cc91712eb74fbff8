package org.attune.cli.generate;

import org.attune.model.checkpoint.GenerationDefaults;
import org.attune.model.generate.SamplingConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How tokens are chosen; what is not given is as the model's generation_config.json says. */
final class SamplingArguments {
  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "The most tokens to write; 256 if the model does not say.")
  private @Nullable Integer maxNewTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 takes the likeliest token, 1 draws as the model thinks.")
  private @Nullable Double temperature;

  @Option(names = "--top-k", paramLabel = "K", description = "Draws from the K likeliest; 0: all.")
  private @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draws from the likeliest that make up P together; 1: all.")
  private @Nullable Double topP;

  @Option(names = "--seed", paramLabel = "S", description = "Of the random choices; default 0.")
  private long seed;

  SamplingConfig over(GenerationDefaults defaults) {
    SamplingConfig.Builder sampling = SamplingConfig.from(defaults).seed(seed);
    if (maxNewTokens != null) {
      sampling.maxNewTokens(maxNewTokens);
    }
    if (temperature != null) {
      sampling.temperature(temperature);
    }
    if (topK != null) {
      sampling.topK(topK);
    }
    if (topP != null) {
      sampling.topP(topP);
    }
    return sampling.build();
  }
}
