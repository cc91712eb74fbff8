package org.attune.run.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.attune.run.folder.Checkpoints;
import org.attune.run.folder.Event;
import org.attune.run.folder.EventLog;
import org.attune.run.folder.LoggedEvent;
import org.attune.run.folder.Manifest;
import org.attune.run.folder.RunFolder;

/** The report of a single run, made of nothing but its folder. */
public final class RunReport {
  private static final int SAMPLES = 5;

  /** The measurements that people look for first; the others follow by name. */
  private static final List<String> FIRST_CURVES = List.of("loss", "eval_loss", "accuracy");

  private RunReport() {}

  /** What {@code run} came to so far. */
  public static Report of(RunFolder run) {
    List<LoggedEvent> events = run.events();
    Map<Integer, Map<String, Double>> metrics = EventLog.metrics(events);
    List<String> facts = new ArrayList<>();
    metrics.keySet().stream()
        .max(Comparator.naturalOrder())
        .ifPresent(step -> facts.add(Numbers.whole(step) + " steps"));
    run.manifest().stream()
        .flatMap(manifest -> manifest.seeds().entrySet().stream())
        .forEach(seed -> facts.add("seed of " + seed.getKey() + " " + seed.getValue()));
    return new Report(
        title(run.state()),
        String.valueOf(run.path()),
        facts,
        null,
        List.of(),
        curves(metrics),
        samples(events),
        lineage(run),
        next(run));
  }

  private static String title(Optional<Event.State> state) {
    if (state.isEmpty()) {
      return "This run has not started";
    }
    return switch (state.get()) {
      case STARTED, RESUMED -> "This run has not ended";
      case FINISHED -> "This run is finished";
      case FAILED -> "This run failed";
      case STOPPED -> "This run was stopped";
    };
  }

  private static List<Report.Curve> curves(Map<Integer, Map<String, Double>> metrics) {
    Comparator<String> order =
        Comparator.comparingInt(
                (String name) ->
                    FIRST_CURVES.contains(name) ? FIRST_CURVES.indexOf(name) : FIRST_CURVES.size())
            .thenComparing(Comparator.naturalOrder());
    Map<String, List<Report.Point>> curves = new TreeMap<>(order);
    metrics.forEach(
        (step, values) ->
            values.forEach(
                (name, value) ->
                    curves
                        .computeIfAbsent(name, key -> new ArrayList<>())
                        .add(new Report.Point(step, value))));
    return curves.entrySet().stream()
        .map(
            curve -> {
              List<Report.Point> points = curve.getValue();
              double last = points.get(points.size() - 1).value();
              return new Report.Curve(curve.getKey(), Numbers.significant(last), points);
            })
        .toList();
  }

  private static List<Report.Sample> samples(List<LoggedEvent> events) {
    List<Event.Sample> samples =
        events.stream()
            .map(LoggedEvent::event)
            .filter(Event.Sample.class::isInstance)
            .map(Event.Sample.class::cast)
            .toList();
    return samples.subList(Math.max(0, samples.size() - SAMPLES), samples.size()).stream()
        .map(RunReport::sample)
        .toList();
  }

  private static Report.Sample sample(Event.Sample sample) {
    Double score = sample.score();
    return new Report.Sample(
        sample.prompt(),
        List.of(
            new Report.Completion(
                "Step " + Numbers.whole(sample.step()),
                sample.completion(),
                score == null ? "" : "reward " + Numbers.signed(score, 2))));
  }

  private static List<Report.LineageStep> lineage(RunFolder run) {
    List<Report.LineageStep> steps = new ArrayList<>();
    run.manifest().stream()
        .flatMap(manifest -> manifest.parents().stream())
        .map(RunReport::parent)
        .forEach(steps::add);
    if (run.manifest().isPresent()) {
      steps.add(new Report.LineageStep(String.valueOf(run.path()), ""));
      boolean isAdapter =
          run.manifest().stream()
              .flatMap(manifest -> manifest.parents().stream())
              .anyMatch(parent -> parent.role().equals(Manifest.BASE_OF_ADAPTER));
      String what = isAdapter ? "adapter of step-" : "checkpoint step-";
      run.checkpoints()
          .latest()
          .ifPresent(latest -> steps.add(new Report.LineageStep(what + latest.step(), "")));
    }
    return steps;
  }

  private static Report.LineageStep parent(Manifest.Parent parent) {
    String hash = parent.sha256().substring(0, Math.min(8, parent.sha256().length()));
    return new Report.LineageStep(
        parent.role() + " " + parent.name() + " · sha256 " + hash + "…", "");
  }

  private static List<Report.NextCommand> next(RunFolder run) {
    Optional<Checkpoints.Checkpoint> latest = run.checkpoints().latest();
    return latest.stream()
        .map(
            checkpoint ->
                new Report.NextCommand(
                    "./attune generate --model " + checkpoint.path() + " --prompt \"…\"",
                    "read what it writes now"))
        .toList();
  }
}
