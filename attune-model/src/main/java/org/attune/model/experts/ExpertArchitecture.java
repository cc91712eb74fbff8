package org.attune.model.experts;

import org.attune.model.checkpoint.StoredTensors;
import org.attune.model.decoder.DecoderArchitecture;

/** A family of decoders some of whose layers have experts. */
public interface ExpertArchitecture extends DecoderArchitecture {
  ExpertSettings experts();

  /** How the family's checkpoints name them. */
  ExpertNames expertNames();

  @Override
  default StoredTensors inOwnNames(StoredTensors stored) {
    return FusedExperts.apart(stored, experts().experts(), expertNames());
  }

  @Override
  default boolean hasExperts() {
    return experts().sparse().contains(true);
  }

  @Override
  default double routerLossWeight() {
    return experts().routerLossWeight();
  }
}
