package org.attune.run.folder;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Something that happened in a run. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Event.Status.class, name = "status"),
  @JsonSubTypes.Type(value = Event.Metrics.class, name = "metrics"),
  @JsonSubTypes.Type(value = Event.Sample.class, name = "sample"),
  @JsonSubTypes.Type(value = Event.Checkpoint.class, name = "checkpoint"),
  @JsonSubTypes.Type(value = Event.Problem.class, name = "problem"),
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Event {

  /** The states that a run passes through. */
  enum State {
    STARTED,
    RESUMED,
    FINISHED,
    FAILED,
    STOPPED
  }

  /**
   * The run's state changed.
   *
   * @param message why, for people; may be empty
   */
  record Status(State state, String message) implements Event {}

  /**
   * Measurements of one optimizer step.
   *
   * @param values by name, such as {@code loss}; NaN and infinities are kept
   */
  record Metrics(int step, Map<String, Double> values) implements Event {
    public Metrics {
      values = Collections.unmodifiableMap(new TreeMap<>(values));
    }
  }

  /**
   * A text that the model generated.
   *
   * @param score what a reward function said of it, or null
   */
  record Sample(int step, String prompt, String completion, @Nullable Double score)
      implements Event {}

  /**
   * A checkpoint is complete.
   *
   * @param path its folder, relative to the run's
   */
  record Checkpoint(int step, String path) implements Event {}

  /** Something went wrong; a {@link State#FAILED} status follows if the run could not go on. */
  record Problem(String message) implements Event {}
}
