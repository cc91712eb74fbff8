package org.attune.model.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.attune.model.Head;
import org.attune.model.LanguageModel;
import org.attune.model.checkpoint.CheckpointException;

/**
 * Writes a model in another form and proves it: the exported model is loaded, and what it says of
 * held-out texts is compared with what its source said.
 *
 * <p>The target appears when the proof holds, and not at all otherwise. Source and export are never
 * in memory together.
 */
public final class ModelExport {
  private final ExportRequest request;
  private final Path target;
  private final Path unproven;

  private ModelExport(ExportRequest request) {
    this.request = request;
    target = request.target().toAbsolutePath().normalize();
    unproven =
        target.resolveSibling(
            "." + target.getFileName() + ".unproven" + (request.isGguf() ? ".gguf" : ""));
  }

  /**
   * Exports a model, with its active adapter merged.
   *
   * @param source opens the model; it is closed before the exported one is loaded
   * @return how far the exported model is from its source
   * @throws UnfaithfulExportException if it is farther than its type allows
   * @throws CheckpointException if the source cannot be read or the target not be written
   */
  public static ExportProof run(Supplier<LanguageModel> source, ExportRequest request) {
    ModelExport export = new ModelExport(request);
    export.requireNew();
    try {
      return export.proven(source);
    } finally {
      export.discard(export.unproven);
    }
  }

  private void requireNew() {
    if (Files.exists(target)) {
      throw new CheckpointException(
          "%s exists already, and an export replaces nothing. Remove it, or choose another name."
              .formatted(request.target()));
    }
    if (target.getParent() == null || !Files.isDirectory(target.getParent())) {
      throw new CheckpointException(
          "%s cannot be written: its folder does not exist. Make it first."
              .formatted(request.target()));
    }
    discard(unproven);
  }

  private ExportProof proven(Supplier<LanguageModel> source) {
    String from;
    List<int[]> texts;
    ModelOutputs before;
    try (LanguageModel model = source.get()) {
      from = model.source().toString();
      model.adapters().mergeActive();
      texts = HeldOutTokens.of(model, request.prompts());
      before = ModelOutputs.of(model, texts);
      write(model);
    }
    ExportProof proof;
    try (LanguageModel exported = LanguageModel.load(unproven)) {
      proof = ExportProof.of(request.type(), before, ModelOutputs.of(exported, texts));
    }
    if (!proof.holds()) {
      throw new UnfaithfulExportException(
          "%s was not exported to %s: over %,d outputs the exported model differs by %.4g in the mean and %.4g at most, and %s allows %.4g and %.4g. Choose a larger type, such as f16."
              .formatted(
                  from,
                  request.target(),
                  proof.outputs(),
                  proof.meanDifference(),
                  proof.largestDifference(),
                  request.type(),
                  request.type().meanThreshold(),
                  request.type().maxThreshold()));
    }
    publish(from, proof);
    return proof;
  }

  private void write(LanguageModel model) {
    if (request.isGguf()) {
      if (model.head() != Head.CAUSAL) {
        throw new CheckpointException(
            "%s scores texts, and a GGUF file holds a model that writes them. Export to a folder."
                .formatted(model.source()));
      }
      GgufModelExport.write(model, target, request.type().gguf(), unproven);
      return;
    }
    try {
      Files.createDirectory(unproven);
    } catch (IOException e) {
      throw unwritable(e);
    }
    model.save(unproven, request.form());
  }

  private void publish(String from, ExportProof proof) {
    ExportManifest manifest = new ExportManifest(from, target, proof);
    Path beside = target.resolveSibling(target.getFileName() + "." + ExportManifest.NAME);
    if (request.isGguf()) {
      manifest.write(unproven, beside);
    } else {
      manifest.write(unproven, unproven.resolve(ExportManifest.NAME));
    }
    try {
      Files.move(unproven, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (request.isGguf()) {
        discard(beside);
      }
      throw unwritable(e);
    }
  }

  private void discard(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private CheckpointException unwritable(IOException e) {
    return new CheckpointException(
        "%s cannot be written: %s (%s)."
            .formatted(request.target(), e.getClass().getSimpleName(), e.getMessage()),
        e);
  }
}
