package org.attune.train.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.tensor.TensorScope;
import org.attune.tensor.Workers;
import org.attune.train.optimize.Adam;
import org.attune.train.optimize.GradientNorm;

/**
 * Replicas of one model that compute the parts of a training step side by side.
 *
 * <p>They share the weights; each adds gradients in a buffer of its own. Part i of a step always
 * goes to replica i modulo their number, which does its parts in order, and the buffers are summed
 * in order: the result is the same bit for bit each time.
 */
public final class ReplicaGroup implements AutoCloseable {
  private final Workers workers;
  private final List<Replica> replicas = new ArrayList<>();

  public ReplicaGroup(LanguageModel model, Workers workers, DType computeType) {
    this.workers = workers;
    for (int i = 0; i < workers.count(); i++) {
      replicas.add(model.trainableReplica(computeType));
    }
  }

  /** The number of replicas. */
  public int size() {
    return replicas.size();
  }

  /**
   * Runs {@code work} on every part, which is to run its backward pass itself.
   *
   * @return what {@code work} returned for each part, in order
   */
  public <P, R> List<R> accumulate(List<P> parts, BiFunction<Replica, P, R> work) {
    return each(
        parts,
        (replica, part) -> {
          R result = work.apply(replica, part);
          replica.collect();
          return result;
        });
  }

  /**
   * Runs {@code work} on every part.
   *
   * @return what {@code work} returned for each part, in order
   */
  public <P, R> List<R> each(List<P> parts, BiFunction<Replica, P, R> work) {
    List<List<R>> ofWorkers =
        workers.each(
            worker -> {
              Replica replica = replicas.get(worker);
              List<R> results = new ArrayList<>();
              for (int i = worker; i < parts.size(); i += replicas.size()) {
                P part = parts.get(i);
                results.add(TensorScope.with(() -> work.apply(replica, part)));
              }
              return results;
            });
    List<R> inOrder = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      inOrder.add(ofWorkers.get(i % replicas.size()).get(i / replicas.size()));
    }
    return inOrder;
  }

  /**
   * Sums the replicas' gradients.
   *
   * @return the sum, laid out as the weights; valid until {@link #clearGradients}
   */
  public Tensor gradients() {
    Tensor sum = replicas.get(0).gradients();
    for (Replica other : replicas.subList(1, replicas.size())) {
      GradientMode.useWithout(() -> sum.addInPlace(other.gradients()));
    }
    return sum;
  }

  /**
   * Takes an optimizer step on the sum of the gradients, clipped; none where that is not finite.
   *
   * @param maxNorm what the gradients' norm is brought down to; 0 does not clip
   * @return the gradients' norm before clipping
   */
  public double step(Adam adam, double maxNorm, double learningRate) {
    Tensor sum = gradients();
    double norm = GradientNorm.of(sum, workers);
    if (Double.isFinite(norm)) {
      adam.step(sum, GradientNorm.clipFactor(norm, maxNorm), learningRate);
    }
    return norm;
  }

  /** Sets all gradients to 0. */
  public void clearGradients() {
    workers.each(
        worker ->
            GradientMode.without(() -> replicas.get(worker).gradients().fillInPlace(0).count()));
  }

  @Override
  public void close() {
    replicas.forEach(Replica::close);
  }
}
