package org.attune.model.experts;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.StoredTensors;

/**
 * A checkpoint with the experts of each layer apart, also where it stores them as the modules of
 * transformers 5 do: one tensor {@code mlp.experts.gate_up_proj}, {@code [E, 2 F, C]} with each
 * expert's gate before its up, and one {@code mlp.experts.down_proj}, {@code [E, C, F]}.
 */
public final class FusedExperts implements StoredTensors {
  private static final Pattern FUSED =
      Pattern.compile("(.*\\blayers\\.\\d+\\.)mlp\\.experts\\.(gate_up_proj|down_proj)");
  private static final Pattern ROUTER =
      Pattern.compile("(.*\\blayers\\.\\d+\\.)mlp\\.gate\\.weight");

  private final StoredTensors stored;
  private final Map<String, Part> parts = new LinkedHashMap<>();

  /** Neighbouring elements of a stored tensor. */
  private record Part(String stored, long first, List<Long> shape) {
    /** One of the matrices that a tensor {@code [E, parts · rows, columns]} consists of. */
    static Part of(String stored, List<Long> shape, int parts, int index) {
      long rows = shape.get(1) / parts;
      long columns = shape.get(2);
      return new Part(stored, index * rows * columns, List.of(rows, columns));
    }

    long elements() {
      return shape.stream().reduce(1L, (a, b) -> a * b);
    }
  }

  private FusedExperts(StoredTensors stored) {
    this.stored = stored;
  }

  /**
   * The same checkpoint with the experts apart.
   *
   * @param experts E; a tensor of another number of experts is left as it is
   */
  public static StoredTensors apart(StoredTensors stored, int experts, ExpertNames names) {
    if (stored.names().stream().noneMatch(name -> FUSED.matcher(name).matches())) {
      return stored;
    }
    FusedExperts apart = new FusedExperts(stored);
    for (String name : stored.names()) {
      apart.add(name, experts, names);
    }
    return apart;
  }

  private void add(String name, int experts, ExpertNames names) {
    List<Long> shape = stored.shape(name);
    Matcher fused = FUSED.matcher(name);
    Matcher router = ROUTER.matcher(name);
    if (router.matches()) {
      put(router.group(1) + names.router() + ".weight", new Part(name, 0, shape));
    } else if (!fused.matches() || shape.size() != 3 || shape.get(0) != experts) {
      put(name, new Part(name, 0, shape));
    } else {
      String layer = fused.group(1);
      for (int i = 0; i < experts; i++) {
        if (fused.group(2).equals("down_proj")) {
          put(layer + names.down(i) + ".weight", Part.of(name, shape, 1, i));
        } else {
          put(layer + names.gate(i) + ".weight", Part.of(name, shape, 2, 2 * i));
          put(layer + names.up(i) + ".weight", Part.of(name, shape, 2, 2 * i + 1));
        }
      }
    }
  }

  private void put(String name, Part part) {
    if (parts.putIfAbsent(name, part) != null) {
      throw new CheckpointException(
          "%s has the tensor %s twice, apart and in one of all experts. Remove one of them."
              .formatted(source(), name));
    }
  }

  @Override
  public Path source() {
    return stored.source();
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(parts.keySet());
  }

  @Override
  public List<Long> shape(String name) {
    return part(name).shape();
  }

  @Override
  public void readFloats(String name, long first, FloatBuffer target) {
    Part part = part(name);
    requireRange(name, part.elements(), first, target.remaining());
    stored.readFloats(part.stored(), part.first() + first, target);
  }

  private Part part(String name) {
    Part part = parts.get(name);
    if (part == null) {
      throw new CheckpointException("%s has no tensor for %s.".formatted(source(), name));
    }
    return part;
  }

  @Override
  public void close() {
    stored.close();
  }
}
