package org.attune.train.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.attune.run.TrainingConfig;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EpochOrderTest {

  @Test
  void an_epoch_visits_every_row_once() {
    EpochOrder order = order(10, t -> t.batchSize(4));

    assertThat(rows(order, 0, 3)).containsExactlyInAnyOrderElementsOf(upTo(10));
    assertThat(rows(order, 3, 6)).containsExactlyInAnyOrderElementsOf(upTo(10));
  }

  @Test
  void epochs_and_seeds_have_orders_of_their_own() {
    EpochOrder order = order(50, t -> t.batchSize(50).seed(1));
    EpochOrder other = order(50, t -> t.batchSize(50).seed(2));

    assertThat(order.rowsOf(0)).isNotEqualTo(order.rowsOf(1)).isNotEqualTo(other.rowsOf(0));
  }

  @Test
  void a_step_reads_the_same_rows_whatever_was_read_before() {
    EpochOrder walked = order(10, t -> t.batchSize(4));
    rows(walked, 0, 7);

    assertThat(order(10, t -> t.batchSize(4)).rowsOf(7)).isEqualTo(walked.rowsOf(7));
  }

  @Test
  void without_shuffling_rows_come_in_their_order() {
    EpochOrder order = order(5, t -> t.batchSize(2).shuffle(false));

    assertThat(order.rowsOf(0)).containsExactly(0, 1);
    assertThat(order.rowsOf(1)).containsExactly(2, 3);
    assertThat(order.rowsOf(2)).containsExactly(4);
    assertThat(order.rowsOf(3)).containsExactly(0, 1);
  }

  @Test
  void accumulation_joins_batches_and_the_last_step_of_an_epoch_takes_what_is_left() {
    EpochOrder order =
        order(11, t -> t.batchSize(2).gradientAccumulationSteps(3).shuffle(false).epochs(1));

    assertThat(order.totalSteps()).isEqualTo(2);
    assertThat(order.rowsOf(0)).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(order.rowsOf(1)).containsExactly(6, 7, 8, 9, 10);
  }

  @Test
  void drop_last_leaves_the_incomplete_batch_out() {
    EpochOrder order =
        order(
            11,
            t ->
                t.batchSize(2)
                    .gradientAccumulationSteps(3)
                    .shuffle(false)
                    .epochs(1)
                    .dropLast(true));

    assertThat(order.totalSteps()).isEqualTo(2);
    assertThat(order.rowsOf(1)).containsExactly(6, 7, 8, 9);
  }

  @Test
  void drop_last_needs_one_whole_batch() {
    assertThatThrownBy(() -> order(3, t -> t.batchSize(4).dropLast(true)))
        .hasMessageContaining("3 rows")
        .hasMessageContaining("training.batch-size 4")
        .hasMessageContaining("set drop-last to false");
  }

  @Test
  void max_steps_goes_before_epochs() {
    assertThat(order(10, t -> t.batchSize(2).epochs(1).maxSteps(17)).totalSteps()).isEqualTo(17);
  }

  @Test
  void parts_of_an_epoch_round_up_to_whole_steps() {
    EpochOrder order = order(10, t -> t.batchSize(2).epochs(1.5));

    assertThat(order.totalSteps()).isEqualTo(8); // 1.5 * 5 = 7.5
    assertThat(order.epochAfter(8)).isEqualTo(1.6);
  }

  private static EpochOrder order(int rows, UnaryOperator<TrainingConfig.Builder> settings) {
    return new EpochOrder(settings.apply(TrainingConfig.builder()).build(), rows);
  }

  private static List<Integer> rows(EpochOrder order, long fromStep, long toStep) {
    return LongStream.range(fromStep, toStep)
        .boxed()
        .flatMap(step -> order.rowsOf(step).stream())
        .toList();
  }

  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
