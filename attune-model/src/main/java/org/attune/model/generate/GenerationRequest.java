package org.attune.model.generate;

import java.util.Set;

/**
 * One prompt to continue. Requests with different settings may be continued together; none depends
 * on the others.
 *
 * @param prompt token ids, at least one
 * @param config how; its seed is this request's own
 * @param firstStream which of the seed's random streams the first sample draws from; each further
 *     sample takes the next one
 * @param endIds tokens that end the continuation
 * @param listener is told what comes
 */
public record GenerationRequest(
    int[] prompt,
    SamplingConfig config,
    int firstStream,
    Set<Integer> endIds,
    GenerationListener listener) {
  public GenerationRequest {
    endIds = Set.copyOf(endIds);
  }

  /** A request that nobody listens to, with the seed's first random streams. */
  public GenerationRequest(int[] prompt, SamplingConfig config, Set<Integer> endIds) {
    this(prompt, config, 0, endIds, GenerationListener.NONE);
  }

  /** The same request for a decoder that begins with a token of its own instead of the prompt. */
  GenerationRequest startingAt(int token) {
    return new GenerationRequest(new int[] {token}, config, firstStream, endIds, listener);
  }

  /** The same request with somebody who listens. */
  public GenerationRequest listenedToBy(GenerationListener other) {
    return new GenerationRequest(prompt, config, firstStream, endIds, other);
  }
}
