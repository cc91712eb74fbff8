package org.attune.model.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.testkit.Tolerance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CausalAttentionTest {
  private static final int HEADS = 4;
  private static final int HEAD_SIZE = 8;
  private static final float TOLERANCE = 1e-5f;

  private long liveBefore;
  private TensorScope scope;

  @BeforeEach
  void open() {
    liveBefore = TensorScope.liveCount();
    scope = TensorScope.open();
  }

  @AfterEach
  void close() {
    scope.close();
    assertThat(TensorScope.liveCount()).isEqualTo(liveBefore);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "300",
        "1 300",
        "300 1 299 2 150 151 7 7 7 300",
        "1 1 1 1 300 1 1 1 1",
        "64 64 64 64", // one block without filler
        "10 9 8 7 11 12 13 9", // one block with filler
        "70 100 69 100 71", // at the edge of what is similar
        "1 2 3 5 8 13 21 34 55 89 144 233",
        "233 144 89 55 34 21 13 8 5 3 2 1"
      })
  void a_sequence_attends_in_a_batch_as_it_does_alone(String lengths) {
    assertEachIsAsAlone(lengths, HEADS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void key_heads_may_serve_several_query_heads(int keyHeads) {
    assertEachIsAsAlone("300 1 40 41 299 12 5", keyHeads);
  }

  @Test
  void a_form_makes_no_difference_to_that() {
    AttentionForm form =
        AttentionForm.ofScale(0.3).withWindow(9).withSoftcap(2).withBias(DISTANCES);

    assertEachIsAsAlone("30 1 40 41 29 12 5", 2, form);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, false", "3, 0, false", "0, 1.5, false", "0, 0, true", "3, 1.5, true"})
  void weighs_keys_as_its_form_says(int window, double softcap, boolean withBias) {
    AttentionForm plain = AttentionForm.ofScale(0.7).withWindow(window).withSoftcap(softcap);
    AttentionForm form = withBias ? plain.withBias(DISTANCES) : plain;
    int tokens = 8;
    Tensor queries = random(1, tokens, HEADS);
    Tensor keys = random(2, tokens, HEADS);
    Tensor values = random(3, tokens, HEADS);

    Tensor attended =
        new CausalAttention(TokenBatch.of(List.of(new int[tokens])))
            .attend(0, form, queries, keys, values);

    Tolerance.FLOAT32.check(
        form.toString(),
        attended.toFloats(),
        byHand(form, queries.toFloats(), keys.toFloats(), values.toFloats(), tokens));
  }

  /** The definition of the form, in plain loops. */
  private static float[] byHand(
      AttentionForm form, float[] queries, float[] keys, float[] values, int tokens) {
    float[] result = new float[queries.length];
    for (int query = 0; query < tokens; query++) {
      for (int head = 0; head < HEADS; head++) {
        int first = form.window() == 0 ? 0 : Math.max(0, query + 1 - form.window());
        double total = 0;
        double[] sums = new double[HEAD_SIZE];
        for (int key = first; key <= query; key++) {
          double score = 0;
          for (int d = 0; d < HEAD_SIZE; d++) {
            score += queries[at(query, head, d)] * keys[at(key, head, d)] * form.scale();
          }
          if (form.softcap() > 0) {
            score = form.softcap() * Math.tanh(score / form.softcap());
          }
          double weight =
              Math.exp(form.bias() == null ? score : score + slope(head) * (query - key));
          total += weight;
          for (int d = 0; d < HEAD_SIZE; d++) {
            sums[d] += weight * values[at(key, head, d)];
          }
        }
        for (int d = 0; d < HEAD_SIZE; d++) {
          result[at(query, head, d)] = (float) (sums[d] / total);
        }
      }
    }
    return result;
  }

  private static int at(int token, int head, int channel) {
    return (token * HEADS + head) * HEAD_SIZE + channel;
  }

  private static double slope(int head) {
    return -0.25 * (head + 1);
  }

  private static final PositionBias DISTANCES =
      (firstQuery, queries, keys) -> {
        float[] bias = new float[HEADS * queries * keys];
        for (int head = 0; head < HEADS; head++) {
          for (int query = 0; query < queries; query++) {
            for (int key = 0; key < keys; key++) {
              bias[(head * queries + query) * keys + key] =
                  (float) slope(head) * (firstQuery + query - key);
            }
          }
        }
        return Tensor.of(bias, HEADS, queries, keys);
      };

  @Test
  void random_lengths_in_random_order_make_no_difference() {
    Random random = new Random(7);
    List<String> lengths = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      lengths.add(String.valueOf(1 + random.nextInt(300)));
    }

    assertEachIsAsAlone(String.join(" ", lengths), 2);
  }

  /** Compares results and the gradients of queries, keys and values with those of one by one. */
  private static void assertEachIsAsAlone(String lengths, int keyHeads) {
    assertEachIsAsAlone(lengths, keyHeads, AttentionForm.ofHeadSize(HEAD_SIZE));
  }

  private static void assertEachIsAsAlone(String lengths, int keyHeads, AttentionForm form) {
    List<int[]> sequences = new ArrayList<>();
    for (String length : lengths.split(" ", -1)) {
      sequences.add(new int[Integer.parseInt(length)]);
    }
    TokenBatch batch = TokenBatch.of(sequences);
    int tokens = batch.tokens();
    Tensor queries = random(1, tokens, HEADS).collectGradient();
    Tensor keys = random(2, tokens, keyHeads).collectGradient();
    Tensor values = random(3, tokens, keyHeads).collectGradient();
    Tensor gradient = random(4, tokens, HEADS).reshaped(tokens, HEADS * HEAD_SIZE);

    Tensor together = new CausalAttention(batch).attend(0, form, queries, keys, values);
    together.backward(gradient);

    for (int s = 0; s < sequences.size(); s++) {
      int start = batch.start(s);
      int length = batch.length(s);
      Tensor ownQueries = rows(queries, start, length).collectGradient();
      Tensor ownKeys = rows(keys, start, length).collectGradient();
      Tensor ownValues = rows(values, start, length).collectGradient();
      Tensor alone =
          new CausalAttention(TokenBatch.of(List.of(sequences.get(s))))
              .attend(0, form, ownQueries, ownKeys, ownValues);
      alone.backward(rows(gradient, start, length));

      String which = "sequence " + s + " of lengths " + lengths;
      assertClose(which, rows(together, start, length), alone);
      assertClose(
          which + ", queries", rows(queries.gradient(), start, length), ownQueries.gradient());
      assertClose(which + ", keys", rows(keys.gradient(), start, length), ownKeys.gradient());
      assertClose(which + ", values", rows(values.gradient(), start, length), ownValues.gradient());
    }
  }

  private static Tensor rows(Tensor tensor, int start, int length) {
    return tensor.detached().narrow(0, start, length).copied();
  }

  private static Tensor random(long seed, int tokens, int heads) {
    Random random = new Random(seed);
    float[] values = new float[tokens * heads * HEAD_SIZE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, tokens, heads, HEAD_SIZE);
  }

  private static void assertClose(String which, Tensor actual, Tensor expected) {
    assertThat(actual.shape()).as(which).isEqualTo(expected.shape());
    assertThat(actual.minus(expected.detached()).abs().max().item())
        .as(which)
        .isLessThan(TOLERANCE);
  }
}
