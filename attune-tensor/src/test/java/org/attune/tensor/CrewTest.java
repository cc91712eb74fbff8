package org.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayNameGeneration(ReplaceUnderscores.class)
class CrewTest {
  private static final int PIECES = 100;

  @Test
  void does_every_piece_once_in_every_round() {
    AtomicIntegerArray done = new AtomicIntegerArray(PIECES);
    int rounds = 1_000;

    try (Workers workers = new Workers(3)) {
      workers.together(
          () -> {
            for (int round = 0; round < rounds; round++) {
              Crew.share(PIECES, done::incrementAndGet);
            }
          });
    }

    for (int piece = 0; piece < PIECES; piece++) {
      assertThat(done.get(piece)).isEqualTo(rounds);
    }
  }

  @Test
  void computes_pieces_side_by_side_also_after_its_members_fell_asleep() {
    try (Workers workers = new Workers(2)) {
      workers.together(
          () -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            ConcurrentHashMap<String, Integer> threads = new ConcurrentHashMap<>();
            CountDownLatch bothAreThere = new CountDownLatch(2);
            Crew.share(
                2,
                piece -> {
                  bothAreThere.countDown();
                  await(bothAreThere);
                  threads.put(Thread.currentThread().getName(), piece);
                });
            assertThat(threads).containsOnlyKeys("attune-worker-0", "attune-worker-1");
          });
    }
  }

  @Test
  void hands_on_the_failure_of_a_piece_after_all_were_done_and_goes_on() {
    AtomicInteger done = new AtomicInteger();
    try (Workers workers = new Workers(2)) {
      workers.together(
          () -> {
            assertThatThrownBy(
                    () ->
                        Crew.share(
                            PIECES,
                            piece -> {
                              done.incrementAndGet();
                              if (piece == 7) {
                                throw new IllegalStateException("piece 7");
                              }
                            }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("piece 7");
            Crew.share(PIECES, piece -> done.incrementAndGet());
          });
    }

    assertThat(done).hasValue(2 * PIECES);
  }

  @Test
  void lets_its_members_go_when_the_work_fails() {
    try (Workers workers = new Workers(2)) {
      assertThatThrownBy(
              () ->
                  workers.together(
                      () -> {
                        throw new IllegalStateException("the leader's");
                      }))
          .hasMessage("the leader's");

      assertThat(workers.each(worker -> worker)).containsExactly(0, 1);
    }
  }

  @Test
  void lets_a_piece_share_work_in_turn_and_a_thread_without_crew_do_all() {
    AtomicInteger done = new AtomicInteger();
    try (Workers workers = new Workers(2)) {
      workers.together(
          () -> Crew.share(4, outer -> Crew.share(4, inner -> done.incrementAndGet())));
    }
    Crew.share(4, piece -> done.incrementAndGet());

    assertThat(done).hasValue(4 * 4 + 4);
    assertThat(Crew.isLed()).isFalse();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
