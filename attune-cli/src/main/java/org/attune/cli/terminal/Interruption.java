package org.attune.cli.terminal;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.attune.train.session.StopRequest;
import org.jspecify.annotations.Nullable;

/**
 * What happens on Ctrl-C and on {@code kill}: a training is asked to stop, and the process ends
 * when it has saved and said how to go on. Anything else ends at once.
 */
public final class Interruption {
  private static final CountDownLatch ENDED = new CountDownLatch(1);
  private static volatile @Nullable StopRequest running;
  private static volatile int exitCode;

  private Interruption() {}

  /** Listens to signals; once, at the start of the program. */
  public static void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(Interruption::stopAndWait, "attune-interrupt"));
  }

  /** Does work that a signal interrupts by {@code stop}. */
  public static <T> T stoppingOn(StopRequest stop, Callable<T> work) throws Exception {
    running = stop;
    return work.call(); // still running when it has ended: its last words are not yet said
  }

  /** Ends the JVM. */
  public static void exit(int code) {
    exitCode = code;
    running = null;
    ENDED.countDown();
    System.exit(code);
  }

  private static void stopAndWait() {
    StopRequest stop = running;
    if (stop == null) {
      return;
    }
    stop.request();
    try {
      ENDED.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode); // else the code would be the signal's
  }
}
