package org.attune.model.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.attune.model.tokenizer.Tokenizer;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.Transformer;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Continues prompts token by token, many at once, with cached keys and values.
 *
 * <p>Where an encoder reads the prompt, each continuation begins with the token that the decoder
 * starts at: that token, and not the prompt, is what length limits and penalties count as before
 * the first written one, as in transformers.
 *
 * <p>A few sequences of a large model are computed together, by one worker with the others as its
 * {@link org.attune.tensor.Crew}. Many are sorted by length and dealt out to the workers; each
 * worker prefills its share once and then advances all its unfinished sequences together. Every
 * sample draws from a random stream of its own, so that it does not depend on how many workers
 * there are, nor on the other requests.
 */
public final class Generator {
  /** More sequences keep each worker busy with sequences of its own. */
  private static final int MOST_ROWS_TOGETHER = 16;

  /** Matrices of a narrower model are multiplied faster than handed over. */
  private static final int SMALLEST_SHARED_WIDTH = 512;

  private final Architecture architecture;
  private final Transformer model;
  private final Workers workers;
  private final @Nullable Tokenizer tokenizer;

  /**
   * @param model over frozen weights, with an output layer
   * @param tokenizer for stop strings and for those who listen to text; null if there is none
   */
  public Generator(
      Architecture architecture,
      Transformer model,
      Workers workers,
      @Nullable Tokenizer tokenizer) {
    this.architecture = architecture;
    this.model = model;
    this.workers = workers;
    this.tokenizer = tokenizer;
  }

  /**
   * Continues every prompt in the same way. A prompt's random streams are made from the seed and
   * its place in the list.
   *
   * @param prompts token ids, each at least one
   * @param endIds tokens that end a sequence
   * @return the samples of the first prompt, then those of the second, and so on
   * @throws PromptTooLongException if a prompt leaves no room in the model's context
   * @throws InvalidSamplingException if the settings do not fit the model
   */
  public List<Generation> generate(
      List<int[]> prompts, SamplingConfig config, Set<Integer> endIds) {
    List<GenerationRequest> requests =
        IntStream.range(0, prompts.size())
            .mapToObj(
                i ->
                    new GenerationRequest(
                        prompts.get(i),
                        config,
                        i * config.samplesPerPrompt(),
                        endIds,
                        GenerationListener.NONE))
            .toList();
    return generate(requests).stream().flatMap(List::stream).toList();
  }

  /**
   * Continues each request in its own way.
   *
   * @return for each request its samples, or the best beams, best first
   * @throws PromptTooLongException if a prompt leaves no room in the model's context
   * @throws InvalidSamplingException if a request's settings do not fit the model
   */
  public List<List<Generation>> generate(List<GenerationRequest> requests) {
    List<Search> searches = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      GenerationRequest request = requests.get(i);
      OptionalInt start = architecture.decoderStart();
      searches.add(search(i, start.isPresent() ? request.startingAt(start.getAsInt()) : request));
    }
    if (isReadTogether(requests)) {
      workers.together(
          () -> write(requests, searches, IntStream.range(0, requests.size()).boxed().toList()));
    } else {
      writeInShares(requests, searches);
    }
    return searches.stream().map(Search::generations).toList();
  }

  /** Whether all workers compute every sequence together, so that weights are read once. */
  private boolean isReadTogether(List<GenerationRequest> requests) {
    int rows =
        requests.stream()
            .mapToInt(r -> Math.max(r.config().samplesPerPrompt(), r.config().beams().beams()))
            .sum();
    return architecture.hiddenSize() >= SMALLEST_SHARED_WIDTH
        && (requests.size() == 1 || rows <= MOST_ROWS_TOGETHER);
  }

  private void writeInShares(List<GenerationRequest> requests, List<Search> searches) {
    List<Integer> byLength =
        IntStream.range(0, requests.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> requests.get(i).prompt().length))
            .toList();
    int shares = Math.min(workers.count(), requests.size());
    workers.each(
        worker -> {
          if (worker < shares) {
            int from = byLength.size() * worker / shares;
            int to = byLength.size() * (worker + 1) / shares;
            write(requests, searches, byLength.subList(from, to));
          }
          return worker;
        });
  }

  private void write(
      List<GenerationRequest> requests, List<Search> searches, List<Integer> chosen) {
    GradientMode.useWithout(
        () ->
            new Decoding(
                    architecture,
                    model,
                    chosen.stream().map(i -> requests.get(i).prompt()).toList(),
                    chosen.stream().map(searches::get).toList())
                .run());
  }

  private Search search(int index, GenerationRequest request) {
    SamplingConfig config = request.config();
    int promptLength = request.prompt().length;
    int maxLength = config.lengths().most(promptLength, architecture.contextLength());
    if (promptLength >= maxLength) {
      throw new PromptTooLongException(
          index, promptLength, architecture.contextLength(), config.lengths().maxLength());
    }
    if (!config.stopStrings().isEmpty() && tokenizer == null) {
      throw new InvalidSamplingException(
          List.of(
              "stop-strings %s need a tokenizer, and the model has none. Use end tokens."
                  .formatted(config.stopStrings())));
    }
    boolean isRead =
        !config.stopStrings().isEmpty() || request.listener() != GenerationListener.NONE;
    Tokenizer reading = isRead ? tokenizer : null;
    int vocabulary = architecture.vocabularySize();
    return config.beams().beams() > 1
        ? new BeamSearch(
            request, new LogitsRules(config, request.endIds(), vocabulary), maxLength, reading)
        : new SamplingSearch(
            request, new TokenSampler(config, request.endIds(), vocabulary), maxLength, reading);
  }
}
