package org.attune.server.problem;

/** The routes that are ours alone: no client of Argilla knows them. */
public final class OwnRoutes {

  private static final String FOLDER = "/api/attune/";

  private OwnRoutes() {}

  public static boolean contain(String path) {
    return path.startsWith(FOLDER);
  }
}
