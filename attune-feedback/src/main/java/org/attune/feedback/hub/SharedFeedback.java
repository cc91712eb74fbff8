package org.attune.feedback.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attune.data.hub.Hub;
import org.attune.data.hub.HubFile;
import org.attune.data.hub.HubReference;
import org.attune.data.hub.HubUpload;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.settings.FeedbackSettings;

/** Feedback datasets in the repositories of a hub. */
public final class SharedFeedback {

  private SharedFeedback() {}

  /**
   * Downloads the settings and records of a repository, those that are not here already.
   *
   * @return the folder they are in, to be read with {@link HubLayout}
   * @throws org.attune.data.hub.HubException if they cannot be had
   */
  public static Path download(String repository, Hub hub) {
    return hub.snapshot(HubReference.dataset(repository), SharedFeedback::wanted);
  }

  private static List<HubFile> wanted(List<HubFile> all) {
    return all.stream()
        .filter(
            file ->
                file.path().endsWith(".parquet")
                    || file.path().equals("argilla.yaml")
                    || file.path().equals("argilla.cfg"))
        .toList();
  }

  /**
   * Uploads records and settings as one commit; the repository is made if need be.
   *
   * @return the commit's address or, where the hub does not tell it, the commit
   * @throws org.attune.data.hub.HubException if there is no token, or the hub refuses
   */
  public static String upload(
      FeedbackSettings settings,
      Collection<FeedbackRecord> records,
      String repository,
      boolean isPrivate,
      Hub hub) {
    try {
      Path folder = Files.createTempDirectory("attune-feedback");
      try {
        HubLayout.write(settings, records, folder);
        return HubUpload.to(HubReference.dataset(repository), hub, fact -> {})
            .folder(folder, Map.of(), isPrivate, "Upload feedback");
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new HubFormatException("The records cannot be written to upload them: " + e + ".", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
