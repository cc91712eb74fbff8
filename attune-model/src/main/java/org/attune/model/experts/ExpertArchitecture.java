package org.attune.model.experts;

import org.attune.model.decoder.DecoderArchitecture;

/** A family of decoders some of whose layers have experts. */
public interface ExpertArchitecture extends DecoderArchitecture {
  ExpertSettings experts();

  @Override
  default boolean hasExperts() {
    return experts().sparse().contains(true);
  }

  @Override
  default double routerLossWeight() {
    return experts().routerLossWeight();
  }
}
