package org.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private long liveBefore;
  private Workers workers;

  @BeforeEach
  void start() {
    liveBefore = TensorScope.liveCount();
    workers = new Workers(3);
  }

  @AfterEach
  void stop() {
    workers.close();
    assertThat(TensorScope.liveCount()).isEqualTo(liveBefore);
  }

  @Test
  void give_results_in_the_order_of_the_parts_whichever_ends_first() {
    CountDownLatch lastIsDone = new CountDownLatch(1);

    List<String> results =
        workers.each(
            part -> {
              if (part == 2) {
                lastIsDone.countDown();
              } else {
                await(lastIsDone);
              }
              return "part " + part;
            });

    assertThat(results).containsExactly("part 0", "part 1", "part 2");
  }

  @Test
  void run_a_part_on_the_same_thread_every_time() {
    List<String> first = workers.each(part -> Thread.currentThread().getName());
    List<String> second = workers.each(part -> Thread.currentThread().getName());

    assertThat(first)
        .containsExactly("attune-worker-0", "attune-worker-1", "attune-worker-2")
        .isEqualTo(second);
  }

  @Test
  void give_each_part_a_scope_that_frees_its_tensors() {
    List<Double> sums = workers.each(part -> Tensor.full(part, 4).sum().item());

    assertThat(sums).containsExactly(0.0, 4.0, 8.0);
    assertThat(TensorScope.liveCount()).isEqualTo(liveBefore);
  }

  @Test
  void must_be_at_least_one() {
    assertThatThrownBy(() -> new Workers(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("At least one worker is needed but count was 0.");
  }

  @Nested
  class A_failure {
    @Test
    void is_thrown_only_after_all_parts_have_ended() {
      CountDownLatch firstHasFailed = new CountDownLatch(1);
      AtomicBoolean lastEnded = new AtomicBoolean();

      assertThatThrownBy(
              () ->
                  workers.each(
                      part -> {
                        if (part == 0) {
                          firstHasFailed.countDown();
                          throw new IllegalStateException("part 0 gave up");
                        }
                        if (part == 2) {
                          await(firstHasFailed);
                          lastEnded.set(true);
                        }
                        return part;
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("part 0 gave up");
      assertThat(lastEnded).isTrue();
    }

    @Test
    void of_several_is_that_of_the_first_part() {
      assertThatThrownBy(
              () ->
                  workers.each(
                      part -> {
                        if (part > 0) {
                          throw new IllegalStateException("part " + part + " gave up");
                        }
                        return part;
                      }))
          .hasMessage("part 1 gave up");
    }

    @Test
    void that_is_an_error_stays_one() {
      assertThatThrownBy(
              () ->
                  workers.each(
                      part -> {
                        throw new AssertionError("part " + part);
                      }))
          .isInstanceOf(AssertionError.class)
          .hasMessage("part 0");
    }

    @Test
    void frees_the_tensors_of_its_part_and_leaves_the_workers_usable() {
      assertThatThrownBy(
              () -> workers.each(part -> Tensor.vector(1, 2).plus(Tensor.vector(1, 2, 3)).item()))
          .isInstanceOf(TensorException.class)
          .hasMessageContaining("[2] and [3]");

      assertThat(TensorScope.liveCount()).isEqualTo(liveBefore);
      assertThat(workers.each(part -> part)).containsExactly(0, 1, 2);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
