package org.attune.cli.quickstart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.agreement.Agreement;
import org.attune.feedback.field.TextField;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.Response;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.store.FileStore;
import org.attune.feedback.unify.RatingStrategy;

/**
 * Sentences that people rated, as a feedback dataset: one text field, one rating question, and
 * every rater's response.
 *
 * <p>The ratings of −4 to 4 are stored as 1 to 9. The raters of the bundled sentences are
 * anonymous, so a response's user is only its position within the record: {@code rater-1} of two
 * sentences need not be one person, and there are no figures for single raters.
 *
 * @param sentences each with the mean of its ratings
 * @param agreement of the raters
 * @param ratings how many there are in all
 */
record RatedSentences(List<Rated> sentences, Agreement agreement, int ratings) {
  private static final String TEXT = "sentence";
  private static final String QUESTION = "feeling";
  private static final int SHIFT = 5;

  /** A sentence and the mean of its ratings, 1 to 9. */
  record Rated(String text, double rating) {}

  RatedSentences {
    sentences = List.copyOf(sentences);
  }

  /** How the sentences were asked about. */
  static FeedbackSettings settings() {
    return FeedbackDataset.builder()
        .guidelines("How does this sentence feel? 1 is very bad, 5 neutral, 9 very good.")
        .field(TextField.of(TEXT))
        .question(RatingQuestion.of(QUESTION, 1, 9))
        .settings();
  }

  /**
   * Stores all sentences with all ratings in a folder, and unifies each sentence's ratings by their
   * mean.
   *
   * @param source folder with the sentences and the ratings
   */
  static RatedSentences store(Path source, Path folder) {
    List<FeedbackRecord> records = records(source);
    try (FileStore store = FileStore.create(folder, settings())) {
      FeedbackDataset dataset = store.dataset();
      dataset.addAll(records);
      dataset.unify(QUESTION, RatingStrategy.MEAN);
      List<Rated> sentences =
          dataset.records().stream()
              .map(
                  record ->
                      new Rated(
                          record.text(TEXT), (Double) record.unifiedValue(QUESTION).orElseThrow()))
              .toList();
      int ratings = records.stream().mapToInt(record -> record.responses().size()).sum();
      return new RatedSentences(sentences, dataset.agreement(QUESTION), ratings);
    }
  }

  private static List<FeedbackRecord> records(Path source) {
    Path sentences = source.resolve("movieReviewSnippets_GroundTruth.txt.gz");
    Path ratings = source.resolve("movieReviewSnippets_anonDataRatings.txt.gz");
    Map<String, List<Response>> responses = responses(ratings);
    List<FeedbackRecord> records = new ArrayList<>();
    int line = 0;
    for (String[] cells : BundledText.table(sentences)) {
      line++;
      if (cells.length != 3) {
        throw BundledText.damaged(
            sentences, line, cells.length + " columns", "a line has id, mean rating and sentence");
      }
      List<Response> own = responses.get(cells[0]);
      if (own == null) {
        throw BundledText.damaged(
            sentences,
            line,
            "sentence " + cells[0] + " has no ratings",
            ratings.getFileName() + " has a line for each");
      }
      FeedbackRecord.Builder record =
          FeedbackRecord.builder().externalId(cells[0]).field(TEXT, cells[2]);
      own.forEach(record::response);
      records.add(record.build());
    }
    return records;
  }

  private static Map<String, List<Response>> responses(Path file) {
    Map<String, List<Response>> responses = new HashMap<>();
    int line = 0;
    for (String[] cells : BundledText.table(file)) {
      line++;
      if (cells.length != 4 || !cells[3].matches("\\[-?\\d(, -?\\d)*]")) {
        throw BundledText.damaged(
            file,
            line,
            "\"" + String.join(" ", cells) + "\"",
            "a line has id, mean, deviation and a list of whole ratings");
      }
      List<Response> own = new ArrayList<>();
      for (String rating : cells[3].substring(1, cells[3].length() - 1).split(", ", -1)) {
        int stored = Integer.parseInt(rating) + SHIFT;
        own.add(Response.submitted("rater-" + (own.size() + 1), Map.of(QUESTION, stored)));
      }
      responses.put(cells[0], own);
    }
    return responses;
  }
}
