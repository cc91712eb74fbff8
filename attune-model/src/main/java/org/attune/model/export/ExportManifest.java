package org.attune.model.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.DurableFile;

/**
 * What an export came from, what it is, and how it was proven.
 *
 * @param source the model that was exported
 * @param target what the export is called
 */
record ExportManifest(String source, Path target, ExportProof proof) {
  static final String NAME = "export.json";

  /**
   * Writes the manifest.
   *
   * @param exported the file, or the folder of files, that is described
   */
  void write(Path exported, Path file) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("source", source);
    json.put("type", proof.type().toString());
    ObjectNode compared = json.putObject("proof");
    compared.put("texts", proof.texts());
    compared.put("outputs", proof.outputs());
    compared.put("mean_difference", proof.meanDifference());
    compared.put("mean_threshold", proof.type().meanThreshold());
    compared.put("max_difference", proof.largestDifference());
    compared.put("max_threshold", proof.type().maxThreshold());
    compared.put("same_likeliest", proof.sameLikeliest());
    ArrayNode files = json.putArray("files");
    try {
      for (Path each : files(exported)) {
        ObjectNode entry = files.addObject();
        entry.put("name", (each.equals(exported) ? target : each).getFileName().toString());
        entry.put("bytes", Files.size(each));
        entry.put("sha256", sha256(each));
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be read again: %s.".formatted(exported, e.getMessage()), e);
    }
    DurableFile.write(file, (json.toPrettyString() + "\n").getBytes(UTF_8));
  }

  private static List<Path> files(Path exported) throws IOException {
    if (!Files.isDirectory(exported)) {
      return List.of(exported);
    }
    try (Stream<Path> files = Files.list(exported)) {
      return files.sorted().toList();
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), digest)) {
        bytes.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
