package org.attune.server;

import java.nio.file.Path;
import org.attune.server.account.FirstStart;

/** A server in a process of its own, for tests that kill it. Prints its address when it serves. */
public final class ServerProcess {

  private ServerProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    AttuneServer server =
        AttuneServer.start(
            new ServerOptions(
                "127.0.0.1",
                0,
                Path.of(arguments[0]),
                null,
                new FirstStart.Owner("owner", "owner's password", TestServer.OWNER_KEY)));
    System.out.println(server.address());
    System.out.flush();
    new java.util.concurrent.CountDownLatch(1).await();
  }
}
