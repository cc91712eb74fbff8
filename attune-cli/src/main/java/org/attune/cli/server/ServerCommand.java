package org.attune.cli.server;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.attune.server.AttuneServer;
import org.attune.server.ServerOptions;
import org.attune.server.SignInOptions;
import org.attune.server.account.FirstStart;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the feedback platform until it is told to stop. */
@Command(
    name = "server",
    description = "Serves the feedback platform: pages for a browser, and Argilla's API.",
    subcommands = {BackupCommand.class, RestoreCommand.class, ImportArgillaCommand.class},
    footer = {
      "",
      "The first start makes an owner from ATTUNE_OWNER_NAME, ATTUNE_OWNER_PASSWORD and",
      "ATTUNE_OWNER_API_KEY; what is unset is chosen at random and shown once.",
      "ATTUNE_OIDC_ISSUER and its companions let people sign in by an OpenID provider.",
      "",
      "Example:",
      "  attune server --data feedback --port 6900"
    })
public final class ServerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--host",
      paramLabel = "H",
      description = "The address to listen on; default 127.0.0.1, which only this machine reaches.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port; 0 for one that is free. Default 6900.")
  private int port = 6900;

  @Mixin private StoreArguments store;

  private ServerCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    AttuneServer server = AttuneServer.start(options(System.getenv()));
    server
        .owner()
        .ifPresent(
            owner -> {
              err.println("Made the owner " + owner.name() + " and the workspace default.");
              show(err, "Password", owner.password());
              show(err, "API key", owner.apiKey());
            });
    err.println("Serving " + server.address() + "; Ctrl-C stops it.");
    err.flush();
    new CountDownLatch(1).await(); // a signal ends the process, and Spring closes the server
    return 0;
  }

  private ServerOptions options(Map<String, String> environment) {
    return new ServerOptions(
        host,
        port,
        store.data(),
        store.database(environment),
        new FirstStart.Owner(
            environment.get("ATTUNE_OWNER_NAME"),
            environment.get("ATTUNE_OWNER_PASSWORD"),
            environment.get("ATTUNE_OWNER_API_KEY")),
        SignInOptions.of(environment));
  }

  private static void show(PrintWriter err, String what, @Nullable String secret) {
    if (secret != null) {
      err.println(what + ", shown only now: " + secret);
    }
  }
}
