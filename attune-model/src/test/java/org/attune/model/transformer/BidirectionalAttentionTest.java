package org.attune.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BidirectionalAttentionTest {
  private static final int HEADS = 2;
  private static final int HEAD_SIZE = 3;
  private static final int WIDTH = HEADS * HEAD_SIZE;

  private static float[] random(int tokens, long seed) {
    Random random = new Random(seed);
    float[] values = new float[tokens * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The definition in double loops: softmax over the keys at a distance below the window. */
  private static float[] attended(
      float[] queries, float[] keys, float[] values, int from, int length, int window) {
    float[] attended = new float[length * WIDTH];
    for (int query = 0; query < length; query++) {
      for (int head = 0; head < HEADS; head++) {
        double[] weights = new double[length];
        double sum = 0;
        for (int key = 0; key < length; key++) {
          if (window > 0 && Math.abs(query - key) >= window) {
            continue;
          }
          double product = 0;
          for (int d = 0; d < HEAD_SIZE; d++) {
            product += queries[at(from + query, head, d)] * keys[at(from + key, head, d)];
          }
          weights[key] = Math.exp(product / Math.sqrt(HEAD_SIZE));
          sum += weights[key];
        }
        for (int d = 0; d < HEAD_SIZE; d++) {
          double mean = 0;
          for (int key = 0; key < length; key++) {
            mean += weights[key] / sum * values[at(from + key, head, d)];
          }
          attended[at(query, head, d)] = (float) mean;
        }
      }
    }
    return attended;
  }

  private static int at(int token, int head, int channel) {
    return token * WIDTH + head * HEAD_SIZE + channel;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 40})
  void every_token_sees_its_own_sequence_as_far_as_the_window_reaches(int window) {
    int[] lengths = {5, 1, 30, 28, 4};
    int tokens = Arrays.stream(lengths).sum();
    float[] queries = random(tokens, 1);
    float[] keys = random(tokens, 2);
    float[] values = random(tokens, 3);
    TokenBatch batch =
        TokenBatch.of(Arrays.stream(lengths).mapToObj(length -> new int[length]).toList());
    AttentionForm form = AttentionForm.ofHeadSize(HEAD_SIZE).withWindow(window);

    try (TensorScope scope = TensorScope.open()) {
      Tensor learned = tensor(queries).collectGradient();
      Tensor all =
          new BidirectionalAttention(batch).attend(0, form, learned, tensor(keys), tensor(values));
      all.squared().sum().backward();

      float[] actual = all.detached().toFloats();
      for (int s = 0; s < lengths.length; s++) {
        int from = batch.start(s);
        Tolerance.LOGITS.check(
            "sequence " + s,
            Arrays.copyOfRange(actual, from * WIDTH, (from + lengths[s]) * WIDTH),
            attended(queries, keys, values, from, lengths[s], window));
      }
      assertThat(learned.gradient().isFinite()).isTrue();
    }
  }

  private static Tensor tensor(float[] values) {
    return Tensor.of(values, values.length / WIDTH, HEADS, HEAD_SIZE);
  }

  @Test
  void a_mask_outlives_the_layer_that_it_was_made_in() {
    AttentionForm form = AttentionForm.ofHeadSize(HEAD_SIZE).withWindow(4);
    TokenBatch batch = TokenBatch.of(List.of(new int[6], new int[3]));

    try (TensorScope scope = TensorScope.open()) {
      Tensor all = tensor(random(9, 1));
      BidirectionalAttention attention = new BidirectionalAttention(batch);
      float[] first = TensorScope.with(() -> attention.attend(0, form, all, all, all)).toFloats();
      float[] second = TensorScope.with(() -> attention.attend(1, form, all, all, all)).toFloats();

      assertThat(second).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void a_later_token_changes_what_an_earlier_one_sees(int window) {
    AttentionForm form = AttentionForm.ofHeadSize(HEAD_SIZE).withWindow(window);
    TokenBatch batch = TokenBatch.of(List.of(new int[6]));
    float[] values = random(6, 3);
    float[] changed = values.clone();
    changed[at(3, 0, 0)] += 1;

    try (TensorScope scope = TensorScope.open()) {
      Tensor queries = tensor(random(6, 1));
      Tensor keys = tensor(random(6, 2));
      float[] before =
          new BidirectionalAttention(batch)
              .attend(0, form, queries, keys, tensor(values))
              .toFloats();
      float[] after =
          new BidirectionalAttention(batch)
              .attend(0, form, queries, keys, tensor(changed))
              .toFloats();

      assertThat(after[at(0, 0, 0)]).isGreaterThan(before[at(0, 0, 0)]);
    }
  }
}
