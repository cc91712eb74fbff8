package org.attune.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that stand by to take pieces of what one thread computes: products of microseconds, which
 * are over before an executor has woken a thread.
 *
 * <p>Pieces go to whoever is free, so a piece's result must not depend on who computes it; how work
 * is cut into pieces must not depend on the number of threads either. A thread that waits spins
 * first, for about as long as the leader computes alone between two products, and then sleeps.
 */
public final class Crew implements AutoCloseable {
  private static final int SPINS = 4_000;

  /** About what handing a core over and back takes. */
  private static final long YIELD_NANOS = 20_000;

  private static final ThreadLocal<@Nullable Crew> LED = new ThreadLocal<>();

  private final List<Member> members = new ArrayList<>();
  private volatile Job job = new Job(0, piece -> {});
  private volatile boolean closed;

  /** Makes a crew of that many threads beside the leader; each of them is to {@link #serve}. */
  Crew(int members) {
    for (int i = 0; i < members; i++) {
      this.members.add(new Member());
    }
  }

  private static final class Member {
    private volatile @Nullable Thread asleep;
  }

  /** Work in pieces, of which every thread takes the next one. */
  private static final class Job {
    private final int pieces;
    private final IntConsumer work;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile @Nullable Throwable failure;

    Job(int pieces, IntConsumer work) {
      this.pieces = pieces;
      this.work = work;
    }

    void take() {
      for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
        try {
          work.accept(piece);
        } catch (RuntimeException | Error e) {
          failure = e;
        } finally {
          done.incrementAndGet();
        }
      }
    }

    /** Waits for pieces that others have taken, in the end by leaving the core to them. */
    void finish() {
      for (int spins = 0; done.get() < pieces; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(YIELD_NANOS);
        }
      }
      Throwable thrown = failure;
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof RuntimeException runtime) {
        throw runtime;
      }
    }
  }

  /** Whether the calling thread has a crew, be it one without members. */
  public static boolean isLed() {
    return LED.get() != null;
  }

  /**
   * Does the pieces 0 … {@code pieces} − 1, each once, in any order, and returns when all are done;
   * with the thread's crew if it leads one. Tensors that a piece makes belong to a scope of its
   * own.
   *
   * @throws RuntimeException that of a piece, after all were done
   */
  public static void share(int pieces, IntConsumer work) {
    Crew crew = LED.get();
    if (crew == null || crew.members.isEmpty() || pieces == 1) {
      for (int piece = 0; piece < pieces; piece++) {
        work.accept(piece);
      }
      return;
    }
    LED.remove(); // what a piece shares in turn, it does alone
    try {
      Job shared = new Job(pieces, work);
      crew.job = shared;
      crew.members.forEach(member -> LockSupport.unpark(member.asleep));
      shared.take();
      shared.finish();
    } finally {
      LED.set(crew);
    }
  }

  /** Runs {@code work} as the leader. */
  void lead(Runnable work) {
    LED.set(this);
    try {
      work.run();
    } finally {
      LED.remove();
    }
  }

  /** Takes pieces as a member until the crew is closed. */
  void serve(int index) {
    Member member = members.get(index);
    Job last = null;
    int spins = 0;
    while (!closed) {
      Job current = job;
      if (current != last) {
        current.take();
        last = current;
        spins = 0;
      } else if (spins++ < SPINS) {
        Thread.onSpinWait();
      } else {
        member.asleep = Thread.currentThread();
        if (job == last && !closed) { // whoever changes either looks for sleepers afterwards
          LockSupport.park(this);
        }
        member.asleep = null;
      }
    }
  }

  /** Lets the members go. */
  @Override
  public void close() {
    closed = true;
    members.forEach(member -> LockSupport.unpark(member.asleep));
  }
}
