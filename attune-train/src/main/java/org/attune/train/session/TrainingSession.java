package org.attune.train.session;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.attune.data.hub.Hub;
import org.attune.data.hub.HubLocation;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.run.RunConfig;
import org.attune.run.TrainingConfig;
import org.attune.run.folder.Checkpoints.Checkpoint;
import org.attune.run.folder.Event;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.RunFolder;
import org.attune.run.folder.RunFolderException;
import org.attune.run.report.ReportWriter;
import org.attune.run.report.RunReport;
import org.attune.train.TrainingDivergedException;
import org.attune.train.optimize.Adam;
import org.jspecify.annotations.Nullable;

/**
 * One training from its start, or its latest checkpoint, to its end: what every trainer does about
 * its run folder, so that the trainers themselves can be about training.
 *
 * <p>Opened before anything is computed: an unwritable folder, or a run that exists, is an error at
 * once.
 */
public final class TrainingSession implements AutoCloseable {
  /** Whether a run may exist already. */
  public enum Mode {
    /** It must not. */
    NEW,
    /** Its latest checkpoint is where to go on; without one it starts over. */
    RESUME
  }

  private final RunConfig run;
  private final RunFolder folder;
  private final HubLocation location;
  private final TrainingConfig config;
  private final EventLog log;
  private final Progress progress;
  private final ComputePlan plan;
  private final @Nullable Checkpoint checkpoint;
  private final @Nullable TrainerState state;
  private final boolean isNew;
  private final boolean finished;
  private final StopRequest stop;
  private boolean stopping;
  private boolean complete;
  private boolean stepped;
  private final Map<String, double[]> window = new LinkedHashMap<>();

  private TrainingSession(
      RunConfig run,
      RunFolder folder,
      Mode mode,
      boolean finished,
      Progress progress,
      StopRequest stop) {
    this.run = run;
    this.folder = folder;
    this.config = run.training();
    isNew = mode == Mode.NEW;
    this.finished = finished;
    this.progress = progress;
    location = HubLocation.of(Hub.current().telling(progress::note));
    this.stop = stop;
    checkpoint = folder.checkpoints().latest().orElse(null);
    state = checkpoint == null ? null : TrainerState.read(checkpoint.path());
    plan = state == null ? ComputePlan.of(config) : ComputePlan.of(state);
    log = folder.log(Clock.systemUTC());
  }

  /** Opens the run folder of {@code config} for a training that nobody will ask to stop. */
  public static TrainingSession open(RunConfig config, Mode mode, Progress progress) {
    return open(config, mode, progress, new StopRequest());
  }

  /** Opens the run folder of {@code config}. */
  public static TrainingSession open(
      RunConfig config, Mode mode, Progress progress, StopRequest stop) {
    RunFolder folder = mode == Mode.NEW ? RunFolder.create(config) : RunFolder.resume(config);
    boolean finished = folder.state().filter(Event.State.FINISHED::equals).isPresent();
    TrainingSession session = new TrainingSession(config, folder, mode, finished, progress, stop);
    if (!finished) {
      progress.note("Run folder: " + folder.path());
      progress.note(session.plan.reason());
      session.log.append(
          new Event.Status(
              session.state == null ? Event.State.STARTED : Event.State.RESUMED,
              session.plan.reason()));
    }
    return session;
  }

  public RunFolder folder() {
    return folder;
  }

  public ComputePlan plan() {
    return plan;
  }

  /** Steps that were taken before; 0 for a new run. */
  public int startStep() {
    return state == null ? 0 : state.step();
  }

  /**
   * The directory to load the model from: the latest checkpoint, or a new run's start model, a
   * folder or a repository of a hub.
   */
  public Path modelDirectory() {
    return checkpoint == null ? location.model(run.model()) : checkpoint.path();
  }

  /** Where the models and rows are that this run names, the same all through the session. */
  public HubLocation location() {
    return location;
  }

  /**
   * Loads the model to train, from {@link #modelDirectory}; with an adapter to train, from the base
   * and, if there is a checkpoint, the adapter in it. A checkpoint has the run's tokenizer beside
   * its weights.
   */
  public LanguageModel loadModel(Head head) {
    AdapterStart adapter = new AdapterStart(run, location, plan.computeType());
    if (adapter.isWanted()) {
      LanguageModel model =
          checkpoint == null ? adapter.fresh(head) : adapter.resumed(checkpoint.path(), head);
      announce(
          "An adapter of %,d weights is trained; those of the model are frozen, in %,d MB."
              .formatted(model.trainedWeights().count(), model.weights().bytes() / 1_000_000));
      return model;
    }
    String tokenizer = run.tokenizer();
    LanguageModel model =
        checkpoint != null || tokenizer == null
            ? LanguageModel.load(modelDirectory(), head, config.seed())
            : LanguageModel.load(modelDirectory(), location.model(tokenizer), head, config.seed());
    model.adapters().mergeActive(); // a run without an adapter of its own trains all weights
    return model;
  }

  /** A trainer's own state as the latest checkpoint has it; empty for a new run. */
  public Optional<ObjectNode> details() {
    return Optional.ofNullable(state).map(TrainerState::details);
  }

  /** Brings an optimizer to where the latest checkpoint left it. */
  public void restore(Adam adam) {
    if (state != null && checkpoint != null) {
      state.restore(checkpoint.path(), adam);
      adam.resumeAt(state.details().path("adam-steps").asLong(state.step()));
    }
  }

  /** Whether a step's metrics are to be measured in full: it ends a logging window. */
  public boolean logs(int step) {
    return step % config.loggingSteps() == 0;
  }

  /**
   * Notes a step's metrics. What is logged every {@code logging-steps} is the mean over the steps
   * since the last time; {@code latest} are logged as they are.
   */
  public void step(
      String what, int step, long total, Map<String, Double> averaged, Map<String, Double> latest) {
    averaged.forEach(
        (name, value) -> {
          double[] sum = window.computeIfAbsent(name, n -> new double[2]);
          sum[0] += value;
          sum[1]++;
        });
    Map<String, Double> figures = new LinkedHashMap<>();
    window.forEach((name, sum) -> figures.put(name, sum[0] / sum[1]));
    figures.putAll(latest);
    complete = step == total;
    stepped = true;
    progress.report(what, step, total, figures);
    if (logs(step) || step == total) {
      log.append(new Event.Metrics(step, figures));
      window.clear();
    }
  }

  /** Notes measurements that are not part of a logging window, such as an evaluation's. */
  public void metrics(int step, Map<String, Double> values) {
    log.append(new Event.Metrics(step, values));
  }

  /** Notes a generated text. */
  public void sample(int step, String prompt, String completion, @Nullable Double score) {
    log.append(new Event.Sample(step, prompt, completion, score));
  }

  /** Tells who watches the run what it derived from its settings. */
  public void announce(String fact) {
    progress.note(fact);
  }

  /** Notes something a person should know. */
  public void notice(String message) {
    progress.note(message);
    log.append(new Event.Problem(message));
  }

  /** Whether a checkpoint is due after a step; one is where the training is about to stop. */
  public boolean saves(int step, long total) {
    stopping = stop.isRequested();
    return step == total || stopping || (config.saveSteps() > 0 && step % config.saveSteps() == 0);
  }

  /** Saves the model and everything that the next step depends on. */
  public Path save(int step, LanguageModel model, Adam adam, ObjectNode details) {
    details.put("adam-steps", adam.steps());
    TrainerState now = new TrainerState(step, plan.replicas(), plan.dtype(), details);
    Checkpoint saved =
        folder
            .checkpoints()
            .write(
                step,
                target -> {
                  try {
                    model.save(target);
                    now.write(target, adam);
                  } catch (CheckpointException e) {
                    throw new IOException(e.getMessage(), e); // what was begun is to be removed
                  }
                });
    log.append(new Event.Checkpoint(step, "checkpoints/step-" + step));
    Integer limit = config.saveTotalLimit();
    if (limit != null) {
      folder.checkpoints().keepNewest(limit);
    }
    return saved.path();
  }

  /**
   * As {@link #save(int, LanguageModel, Adam, ObjectNode)} for a trainer without state of its own.
   */
  public Path save(int step, LanguageModel model, Adam adam) {
    return save(step, model, adam, JsonNodeFactory.instance.objectNode());
  }

  /**
   * Whether the training is to stop before its next step. A request counts from the next {@link
   * #saves} on, so that a training never stops without a checkpoint.
   */
  public boolean stopRequested() {
    return stopping;
  }

  /**
   * Does the training, notes how it ended, and writes the run's manifest and report. A run that had
   * ended before is left as it is; one that fails before its first step leaves no folder, so that
   * it can be started again with better settings.
   *
   * @return the directory of the last checkpoint
   */
  public Path run(Supplier<Path> training) {
    if (finished && checkpoint != null) {
      return checkpoint.path();
    }
    try {
      begin();
      Path saved = training.get();
      end(stopping && !complete ? Event.State.STOPPED : Event.State.FINISHED);
      return saved;
    } catch (RuntimeException e) {
      try {
        noteFailure(e);
      } catch (RunFolderException unwritable) {
        e.addSuppressed(unwritable); // the first failure is the one to show
      }
      throw e;
    }
  }

  /** Writes the manifest of a new run, for a loop that {@link #run} does not do. */
  public void begin() {
    if (folder.manifest().isEmpty()) {
      folder.writeManifest(Provenance.of(run, location));
    }
  }

  /** Notes that such a loop is done, and writes the run's report. */
  public void finish() {
    end(Event.State.FINISHED);
  }

  private void end(Event.State how) {
    log.append(new Event.Status(how, ""));
    folder.writeReport(ReportWriter.write(RunReport.of(folder)));
  }

  private void noteFailure(RuntimeException failure) {
    if (isNew && !stepped && !(failure instanceof TrainingDivergedException)) {
      log.close();
      folder.discard();
      return;
    }
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    log.append(new Event.Problem(message));
    log.append(new Event.Status(Event.State.FAILED, message));
    folder.writeReport(ReportWriter.write(RunReport.of(folder)));
  }

  @Override
  public void close() {
    log.close();
  }
}
