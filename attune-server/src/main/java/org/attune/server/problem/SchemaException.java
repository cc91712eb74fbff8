package org.attune.server.problem;

import java.util.List;
import java.util.stream.Collectors;

/** A body or query that does not have the form its route asks for, with every fault in it. */
public final class SchemaException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * One fault.
   *
   * @param location from {@code body} or {@code query} down: names of keys and positions in lists
   * @param message what must hold
   * @param type the kind of fault, as clients may look it up: {@code missing}, {@code string_type}
   */
  public record Fault(List<Object> location, String message, String type) {
    public Fault {
      location = List.copyOf(location);
    }
  }

  private final transient List<Fault> faults;

  public SchemaException(List<Fault> faults) {
    super(
        faults.stream()
            .map(fault -> fault.location() + " " + fault.message())
            .collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  public List<Fault> faults() {
    return faults;
  }
}
