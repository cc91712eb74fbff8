package org.attune.train.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.DurableFile;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.checkpoint.SafetensorsWriter;
import org.attune.run.ComputeDtype;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.attune.train.optimize.Adam;

/**
 * What a checkpoint holds beside the model, in its folder {@code trainer/}: everything else that
 * the steps after it depend on.
 *
 * @param step optimizer steps taken
 * @param replicas replicas of the run; a resumed run uses as many, since sums depend on it
 * @param computeDtype compute type of the run
 * @param details a trainer's own state, such as the KL coefficient
 */
public record TrainerState(int step, int replicas, ComputeDtype computeDtype, ObjectNode details) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MEAN = "mean";
  private static final String VARIANCE = "variance";

  static TrainerState read(Path checkpoint) {
    Path file = stateFile(checkpoint);
    try {
      return JSON.readValue(Files.readString(file), TrainerState.class);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          "%s is not a trainer's state (%s). Remove this checkpoint to go on from the one before it."
              .formatted(file, e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be read (%s). Remove this checkpoint to go on from the one before it."
              .formatted(file, e),
          e);
    }
  }

  void write(Path checkpoint, Adam adam) throws IOException {
    Files.createDirectories(checkpoint.resolve("trainer"));
    DurableFile.write(stateFile(checkpoint), JSON.writeValueAsBytes(this));
    try (TensorScope scope = TensorScope.open()) {
      List<Long> shape = List.of(adam.mean().count());
      new SafetensorsWriter()
          .addFloats(MEAN, shape, adam.mean()::floats)
          .addFloats(VARIANCE, shape, adam.variance()::floats)
          .writeFile(optimizerFile(checkpoint));
    }
  }

  void restore(Path checkpoint, Adam adam) {
    try (SafetensorsFile saved = SafetensorsFile.open(optimizerFile(checkpoint))) {
      GradientMode.useWithout(
          () -> {
            saved.readFloats(MEAN, adam.mean().floats());
            saved.readFloats(VARIANCE, adam.variance().floats());
          });
    }
  }

  private static Path stateFile(Path checkpoint) {
    return checkpoint.resolve("trainer/state.json");
  }

  private static Path optimizerFile(Path checkpoint) {
    return checkpoint.resolve("trainer/optimizer.safetensors");
  }
}
