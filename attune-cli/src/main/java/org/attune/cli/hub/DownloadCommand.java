package org.attune.cli.hub;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.attune.data.hub.Hub;
import org.attune.data.hub.HubFile;
import org.attune.data.hub.HubReference;
import org.attune.data.hub.RepositoryType;
import org.attune.data.hub.WantedFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune hub download}: brings a repository, or files of it, into the cache. */
@Command(
    name = "download",
    description = "Brings a model, a dataset, or files of one into the cache, and prints the path.",
    footer = {
      "",
      "Examples:",
      "  attune hub download org/name",
      "  attune hub download org/name@v1.0 --file model-Q4_0.gguf",
      "  attune hub download hf://datasets/org/name"
    })
final class DownloadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private HubArguments arguments;

  @Parameters(paramLabel = "ID", description = "org/name, org/name@revision or hf:…/file.")
  private String name = "";

  @Option(
      names = "--file",
      paramLabel = "PATH",
      description = "Only this file; may be repeated. Default what Attune reads.")
  private List<String> files = List.of();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    HubReference reference = arguments.reference(name);
    Hub hub = arguments.hub(spec.commandLine().getErr());
    List<String> wanted = new ArrayList<>(files);
    reference.file().ifPresent(wanted::add);
    if (wanted.isEmpty()) {
      out.println(hub.snapshot(reference, all -> readable(all, reference)));
    }
    for (String file : wanted) {
      Path found = hub.file(reference.file(file));
      out.println(found);
    }
    out.flush();
    return 0;
  }

  private static List<HubFile> readable(List<HubFile> all, HubReference reference) {
    return reference.type() == RepositoryType.MODEL
        ? WantedFiles.ofModel(all, reference)
        : WantedFiles.rows(all, reference);
  }
}
