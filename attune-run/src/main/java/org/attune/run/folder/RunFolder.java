package org.attune.run.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.attune.run.ConfigurationProblem;
import org.attune.run.InvalidConfigurationException;
import org.attune.run.RunConfig;
import org.attune.run.yaml.ConfigDifference;
import org.attune.run.yaml.ConfigReader;
import org.attune.run.yaml.ConfigWriter;

/**
 * A run on disk: {@code config.yaml}, {@code events.jsonl}, {@code checkpoints/step-N/}, {@code
 * manifest.json} and {@code report.html}. Everything that shows or resumes a run reads only this.
 */
public final class RunFolder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /**
   * Makes the folder of a new run.
   *
   * @throws RunFolderException if there is a run already or the folder cannot be written
   */
  public static RunFolder create(RunConfig config) {
    var run = new RunFolder(config.runDir());
    if (run.exists()) {
      throw new RunFolderException(
          config.runDir()
              + " has a run already. Choose another run-dir, or go on with it by --resume.");
    }
    try {
      Files.createDirectories(run.checkpointsFolder());
      Durable.write(run.configFile(), ConfigWriter.write(config));
    } catch (IOException e) {
      throw fileInPlaceOf(config.runDir())
          .map(
              file ->
                  new RunFolderException(
                      file + " is a file, so it cannot be a run's folder. Choose another run-dir.",
                      e))
          .orElseGet(() -> run.unwritable(e));
    }
    return run;
  }

  /** The file that stands where a run's folder, or one above it, should. */
  private static Optional<Path> fileInPlaceOf(Path folder) {
    return Stream.iterate(folder, path -> path != null, Path::getParent)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /**
   * Opens the run of {@code config} to go on with it; makes it if there is none.
   *
   * @throws InvalidConfigurationException if {@code config} differs from the run's own
   */
  public static RunFolder resume(RunConfig config) {
    var run = new RunFolder(config.runDir());
    if (!run.exists()) {
      return create(config);
    }
    run.requireSame(config);
    try {
      run.checkpoints().removeLeftovers();
    } catch (IOException e) {
      throw run.unwritable(e);
    }
    return run;
  }

  /**
   * Opens the run at {@code path} to read it.
   *
   * @throws RunFolderException if there is none
   */
  public static RunFolder open(Path path) {
    var run = new RunFolder(path);
    if (!run.exists()) {
      throw new RunFolderException(
          path + " is not a run: it has no config.yaml. Name the run-dir of a training.");
    }
    return run;
  }

  public Path path() {
    return path;
  }

  /** The configuration that the run was started with. */
  public <C extends RunConfig> C config(Class<C> type) {
    return ConfigReader.readWritten(configFile(), type);
  }

  /** Opens the event log to append to it; close it at the end of the run. */
  public EventLog log(Clock clock) {
    return EventLog.open(eventsFile(), clock);
  }

  /** All events so far. */
  public List<LoggedEvent> events() {
    return EventLog.read(eventsFile());
  }

  /** The run's last state; empty before it started. */
  public Optional<Event.State> state() {
    return events().stream()
        .map(LoggedEvent::event)
        .filter(Event.Status.class::isInstance)
        .map(event -> ((Event.Status) event).state())
        .reduce((earlier, later) -> later);
  }

  public Checkpoints checkpoints() {
    return new Checkpoints(checkpointsFolder());
  }

  public void writeManifest(Manifest manifest) {
    try {
      String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(manifest);
      Durable.write(manifestFile(), json + "\n");
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** What the run was made of; empty if it did not get that far. */
  public Optional<Manifest> manifest() {
    if (!Files.exists(manifestFile())) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(Files.readString(manifestFile()), Manifest.class));
    } catch (JsonProcessingException e) {
      throw new RunFolderException(
          manifestFile() + " is not a manifest (" + e.getOriginalMessage() + ").", e);
    } catch (IOException e) {
      throw new RunFolderException(manifestFile() + " cannot be read (" + e + ").", e);
    }
  }

  /** Replaces {@code report.html} and gives its path. */
  public Path writeReport(String html) {
    Path file = path.resolve("report.html");
    try {
      Durable.write(file, html);
    } catch (IOException e) {
      throw unwritable(e);
    }
    return file;
  }

  /**
   * Removes a run that came to nothing, so that its name is free again; other files in its folder
   * stay.
   */
  public void discard() {
    try {
      Files.deleteIfExists(configFile());
      Files.deleteIfExists(eventsFile());
      Files.deleteIfExists(manifestFile());
      Files.deleteIfExists(path.resolve("run.lock"));
      if (Files.isDirectory(checkpointsFolder())) {
        Durable.deleteTree(checkpointsFolder());
      }
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException e) {
      return; // the folder was there before, with files of the user's own
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private boolean exists() {
    return Files.exists(configFile());
  }

  private void requireSame(RunConfig config) {
    List<ConfigurationProblem> changes =
        ConfigDifference.between(config(config.getClass()), config).stream()
            .filter(change -> !change.key().equals("run-dir"))
            .map(
                change ->
                    new ConfigurationProblem(
                        change.key(),
                        change.after(),
                        "must stay " + change.before() + " when a run is resumed",
                        "Set it back, or choose another run-dir for a new run.",
                        null))
            .toList();
    if (!changes.isEmpty()) {
      throw new InvalidConfigurationException(changes);
    }
  }

  private RunFolderException unwritable(IOException e) {
    return new RunFolderException(
        path + " cannot be written (" + e + "). Free some space, or choose another run-dir.", e);
  }

  private Path configFile() {
    return path.resolve("config.yaml");
  }

  private Path eventsFile() {
    return path.resolve("events.jsonl");
  }

  private Path manifestFile() {
    return path.resolve("manifest.json");
  }

  private Path checkpointsFolder() {
    return path.resolve("checkpoints");
  }
}
