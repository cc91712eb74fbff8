package org.attune.server;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.attune.server.account.FirstStart;
import org.attune.server.storage.DataFolder;
import org.attune.server.storage.Database;
import org.attune.server.storage.Databases;
import org.attune.server.storage.RestoreMarker;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** A running server. Starting returns when it serves. */
public final class AttuneServer implements AutoCloseable {

  private final ConfigurableApplicationContext context;
  private final Optional<FirstStart.Outcome> owner;
  private final String host;

  private AttuneServer(
      ConfigurableApplicationContext context, Optional<FirstStart.Outcome> owner, String host) {
    this.context = context;
    this.owner = owner;
    this.host = host;
  }

  /**
   * Opens the store and listens.
   *
   * @throws org.attune.server.storage.StorageException if the store cannot be opened, or another
   *     server has it
   * @throws ServerStartException if the port is in use
   */
  public static AttuneServer start(ServerOptions options) {
    DataFolder folder = DataFolder.take(options.data());
    Database database = null;
    boolean started = false;
    try {
      database = open(options);
      Optional<FirstStart.Outcome> owner = FirstStart.prepare(database, options.owner());
      AttuneServer server =
          new AttuneServer(context(options, folder, database), owner, options.host());
      started = true;
      return server;
    } catch (PortInUseException e) {
      throw new ServerStartException(
          "Port "
              + e.getPort()
              + " is in use. Stop the program that listens there, or choose another: --port 0"
              + " finds a free one.",
          e);
    } finally {
      if (!started) {
        if (database != null) {
          database.close();
        }
        folder.close();
      }
    }
  }

  private static ConfigurableApplicationContext context(
      ServerOptions options, DataFolder folder, Database database) {
    return new SpringApplicationBuilder(ServerApplication.class)
        .bannerMode(Banner.Mode.OFF)
        .registerShutdownHook(true)
        .properties(
            Map.of(
                "server.address", options.host(),
                "server.port", options.port()))
        .initializers(
            fresh -> {
              fresh.getBeanFactory().registerSingleton("serverOptions", options);
              // a bean is closed after those that use it or were made later, on a signal too
              GenericApplicationContext beans = (GenericApplicationContext) fresh;
              beans.registerBean("dataFolder", DataFolder.class, () -> folder);
              beans.registerBean(
                  "database",
                  Database.class,
                  () -> database,
                  definition -> definition.setDependsOn("dataFolder"));
            })
        .run();
  }

  private static Database open(ServerOptions options) {
    RestoreMarker.requireNone(options.data());
    ServerOptions.PostgreSql shared = options.database();
    return shared == null
        ? Databases.embedded(options.data(), Clock.systemUTC())
        : Databases.postgresql(
            shared.address(), shared.user(), shared.password(), Clock.systemUTC());
  }

  /** The owner that this start made, if the store was empty. */
  public Optional<FirstStart.Outcome> owner() {
    return owner;
  }

  /** Where a browser finds it. */
  public String address() {
    WebServer web = ((WebServerApplicationContext) context).getWebServer();
    int port = web == null ? 0 : web.getPort();
    return "http://" + host + ":" + port;
  }

  /** What answers which requests. */
  RequestMappingHandlerMapping routes() {
    return context.getBean(RequestMappingHandlerMapping.class);
  }

  @Override
  public void close() {
    context.close();
  }
}
