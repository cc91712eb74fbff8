package org.attune.model.adapter;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.attune.model.LanguageModel;
import org.attune.model.Replica;
import org.attune.model.checkpoint.SafetensorsFile;
import org.attune.model.transformer.TokenBatch;
import org.attune.tensor.GradientMode;
import org.attune.tensor.Tensor;
import org.attune.testkit.Goldens;

/** What PEFT computed with one adapter. */
final class GoldenAdapter implements AutoCloseable {
  private final Goldens golden;
  private final SafetensorsFile tensors;

  GoldenAdapter(String name) {
    golden = Goldens.open(name);
    tensors = SafetensorsFile.open(golden.tensors());
  }

  Path directory() {
    return golden.tensors().resolveSibling("adapter");
  }

  Path base() {
    return base(golden.values().get("base").asText());
  }

  static Path base(String name) {
    return Goldens.open(name).tensors().resolveSibling("model");
  }

  /** The base with the adapter active. */
  LanguageModel model() {
    return LanguageModel.withAdapter(base(), directory());
  }

  List<int[]> texts() {
    return StreamSupport.stream(golden.values().get("input_ids").spliterator(), false)
        .map(
            row ->
                StreamSupport.stream(row.spliterator(), false).mapToInt(id -> id.asInt()).toArray())
        .toList();
  }

  String text(String key) {
    return golden.values().get(key).asText();
  }

  double number(String key) {
    return golden.values().get(key).asDouble();
  }

  float[] floats(String name) {
    FloatBuffer buffer = FloatBuffer.allocate((int) tensors.info(name).elements());
    tensors.readFloats(name, buffer);
    return buffer.array();
  }

  /** The logits of every text, {@code [N, V]}. */
  Tensor logits(Replica replica) {
    return replica.logits(replica.hidden(TokenBatch.of(texts())));
  }

  /** The logits of one text. */
  float[] logits(Tensor all, int text) {
    TokenBatch batch = TokenBatch.of(texts());
    return GradientMode.without(
        () -> all.detached().narrow(0, batch.start(text), batch.length(text)).toFloats());
  }

  /** Mean cross-entropy over all predicted tokens. */
  Tensor loss(Tensor logits) {
    List<int[]> texts = texts();
    TokenBatch batch = TokenBatch.of(texts);
    List<Integer> predicting = new ArrayList<>();
    List<Integer> targets = new ArrayList<>();
    for (int s = 0; s < texts.size(); s++) {
      for (int t = 1; t < batch.length(s); t++) {
        predicting.add(batch.start(s) + t - 1);
        targets.add(texts.get(s)[t]);
      }
    }
    return logits
        .indexSelect(0, Tensor.indices(ints(predicting)))
        .crossEntropySum(Tensor.indices(ints(targets)))
        .dividedBy(targets.size());
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public void close() {
    tensors.close();
  }
}
