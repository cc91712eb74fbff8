package org.attune.model.dropout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DropoutTest {
  private static final int TOKENS = 300;
  private static final int WIDTH = 401;

  /** Standard deviations of a mean that chance alone exceeds once in 15,000 times. */
  private static final double FAR = 4;

  private static TokenBatch batch(DropoutSeeds seeds, int... lengths) {
    return TokenBatch.of(Arrays.stream(lengths).mapToObj(int[]::new).toList()).dropping(seeds);
  }

  private static Noise noise(DropoutSeeds seeds, int... lengths) {
    return requireNonNull(batch(seeds, lengths).noise());
  }

  private static DropoutSeeds seeds(Long... ofSequences) {
    return new DropoutSeeds(List.of(ofSequences), null);
  }

  private static Tensor ones(long rows) {
    return Tensor.full(1, rows, WIDTH);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.1, 0.5, 0.9})
  void keeps_the_expectation_and_drops_the_share_that_it_says(double rate) {
    NoiseSource source = new NoiseSource();
    Dropout dropout = source.ofModel(rate);
    TensorScope.use(
        () -> {
          float[] values =
              source.during(noise(seeds(7L), TOKENS), () -> dropout.of(ones(TOKENS))).toFloats();

          float kept = (float) (1 / (1 - rate));
          long zeros = IntStream.range(0, values.length).filter(i -> values[i] == 0).count();
          for (float value : values) {
            assertThat(value == 0 || value == kept).isTrue();
          }
          double share = (double) zeros / values.length;
          double deviation = Math.sqrt(rate * (1 - rate) / values.length);
          assertThat(Math.abs(share - rate)).isLessThan(FAR * deviation);
        });
  }

  @Test
  void draws_every_channel_and_every_row_by_itself() {
    NoiseSource source = new NoiseSource();
    Dropout dropout = source.ofModel(0.5);
    TensorScope.use(
        () -> {
          Tensor kept =
              source.during(noise(seeds(7L), TOKENS), () -> dropout.of(ones(TOKENS))).minus(1);

          // neighbours agree as often as not: the mean product of ±1 is that of a fair coin
          for (int dimension : new int[] {0, 1}) {
            Tensor product = kept.times(kept.rolled(1, dimension));
            assertThat(Math.abs(product.mean().item())).isLessThan(FAR / Math.sqrt(TOKENS * WIDTH));
          }
        });
  }

  @Test
  void gradients_flow_into_what_is_kept() {
    NoiseSource source = new NoiseSource();
    Dropout dropout = source.ofModel(0.3);
    TensorScope.use(
        () -> {
          Tensor x = ones(TOKENS).collectGradient();

          Tensor dropped = source.during(noise(seeds(7L), TOKENS), () -> dropout.of(x));
          dropped.sum().backward();

          assertThat(x.gradient().toFloats()).isEqualTo(dropped.detached().toFloats());
        });
  }

  @Test
  void gives_its_input_back_outside_of_training_and_at_rate_0() {
    NoiseSource source = new NoiseSource();
    TensorScope.use(
        () -> {
          Tensor x = ones(1);

          assertThat(source.ofModel(0.3).of(x)).isSameAs(x);
          assertThat(source.during(null, () -> source.ofModel(0.3).of(x))).isSameAs(x);
          Noise noise = noise(seeds(7L), 1);
          assertThat(source.during(noise, () -> source.ofModel(0).of(x))).isSameAs(x);
          Noise switchedOff = noise(new DropoutSeeds(List.of(7L), 0.0), 1);
          assertThat(source.during(switchedOff, () -> source.ofModel(0.3).of(x))).isSameAs(x);
        });
  }

  @Test
  void stops_when_a_pass_fails() {
    NoiseSource source = new NoiseSource();
    TensorScope.use(
        () -> {
          assertThatThrownBy(
                  () ->
                      source.during(
                          noise(seeds(7L), 1),
                          () -> {
                            throw new IllegalStateException("failed");
                          }))
              .hasMessage("failed");

          Tensor x = ones(1);
          assertThat(source.ofModel(0.3).of(x)).isSameAs(x);
        });
  }

  @Test
  void a_rate_of_the_run_replaces_those_of_the_model_but_not_those_of_adapters() {
    NoiseSource source = new NoiseSource();
    Noise noise = noise(new DropoutSeeds(List.of(7L), 0.75), TOKENS);
    TensorScope.use(
        () -> {
          assertThat(largest(source, source.ofModel(0), noise)).isEqualTo(4);
          assertThat(largest(source, source.ofModel(0.5), noise)).isEqualTo(4);
          assertThat(largest(source, source.ofAdapter(0.5), noise)).isEqualTo(2);
        });
  }

  private static double largest(NoiseSource source, Dropout dropout, Noise noise) {
    return source.during(noise, () -> dropout.of(ones(TOKENS))).max().item();
  }

  @Test
  void a_sequence_drops_the_same_in_whatever_company() {
    NoiseSource source = new NoiseSource();
    Dropout dropout = source.ofModel(0.3);
    TensorScope.use(
        () -> {
          Tensor alone = source.during(noise(seeds(5L), 6), () -> dropout.of(ones(6)));
          Tensor together =
              source.during(noise(seeds(4L, 5L, 6L), 3, 6, 2), () -> dropout.of(ones(11)));

          assertThat(together.narrow(0, 3, 6).toFloats()).isEqualTo(alone.toFloats());
        });
  }

  @Test
  void places_and_tokens_and_seeds_drop_differently() {
    NoiseSource source = new NoiseSource();
    Dropout one = source.ofModel(0.5);
    Dropout other = source.ofModel(0.5);
    TensorScope.use(
        () -> {
          Tensor rows = source.during(noise(seeds(5L, 6L), 2, 2), () -> one.of(ones(4)));
          Tensor elsewhere = source.during(noise(seeds(5L, 6L), 2, 2), () -> other.of(ones(4)));
          Tensor texts = source.during(noise(seeds(5L, 6L), 2, 2), () -> one.ofSequences(ones(2)));

          List<String> drawn =
              IntStream.range(0, 10)
                  .mapToObj(
                      i ->
                          i < 4
                              ? rows.select(0, i)
                              : i < 8 ? elsewhere.select(0, i - 4) : texts.select(0, i - 8))
                  .map(row -> Arrays.toString(row.toFloats()))
                  .toList();
          assertThat(drawn).doesNotHaveDuplicates();
        });
  }

  @Test
  void seeds_of_a_step_are_those_of_places_in_it() {
    DropoutSeeds step = DropoutSeeds.ofStep(42, 3, 8, 0.1);

    assertThat(step.ofSequences()).doesNotHaveDuplicates();
    assertThat(step.of(List.of(6, 1)).ofSequences())
        .containsExactly(step.ofSequences().get(6), step.ofSequences().get(1));
    assertThat(DropoutSeeds.ofStep(42, 3, 8, 0.1)).isEqualTo(step);
    assertThat(DropoutSeeds.ofStep(42, 4, 8, 0.1).ofSequences())
        .doesNotContainAnyElementsOf(step.ofSequences());
    assertThat(DropoutSeeds.ofStep(43, 3, 8, 0.1).ofSequences())
        .doesNotContainAnyElementsOf(step.ofSequences());
  }

  @Test
  void a_batch_needs_a_seed_for_each_sequence() {
    assertThatThrownBy(() -> batch(seeds(1L), 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 seeds do not fit 2 sequences.");
  }
}
