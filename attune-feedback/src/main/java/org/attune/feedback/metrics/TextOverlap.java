package org.attune.feedback.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** How many words and runs of words two texts share. */
final class TextOverlap {

  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final int LONGEST_RUN = 4;

  private long shared;
  private long possible;
  private double rouge1;
  private double rouge2;
  private double rougeL;
  private int pairs;

  void add(String prediction, String reference) {
    pairs++;
    addGleu(List.of(SPACES.split(prediction.strip())), List.of(SPACES.split(reference.strip())));
    List<String> predicted = words(prediction);
    List<String> wanted = words(reference);
    rouge1 += rouge(predicted, wanted, 1);
    rouge2 += rouge(predicted, wanted, 2);
    rougeL += f1(longestCommon(predicted, wanted), predicted.size(), wanted.size());
  }

  /**
   * GLEU of a corpus: the shared runs of one to four words, over the larger of what either side
   * has. Wu et al. 2016, "Google's Neural Machine Translation System", section 4.3.
   */
  private void addGleu(List<String> prediction, List<String> reference) {
    long ofPrediction = 0;
    long ofReference = 0;
    for (int length = 1; length <= LONGEST_RUN; length++) {
      shared += common(runs(prediction, length), runs(reference, length));
      ofPrediction += Math.max(0, prediction.size() - length + 1);
      ofReference += Math.max(0, reference.size() - length + 1);
    }
    possible += Math.max(ofPrediction, ofReference);
  }

  void writeTo(Map<String, Double> scores) {
    scores.put("gleu", possible == 0 ? 0 : (double) shared / possible);
    scores.put("rouge1", rouge1 / pairs);
    scores.put("rouge2", rouge2 / pairs);
    scores.put("rougeL", rougeL / pairs);
  }

  private static List<String> words(String text) {
    return Arrays.stream(NO_WORD.split(text.toLowerCase(Locale.ROOT)))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** The F1 of shared runs: Lin 2004, "ROUGE: a package for automatic evaluation of summaries". */
  private static double rouge(List<String> prediction, List<String> reference, int length) {
    return f1(
        common(runs(prediction, length), runs(reference, length)),
        Math.max(0, prediction.size() - length + 1),
        Math.max(0, reference.size() - length + 1));
  }

  private static double f1(long common, int predicted, int wanted) {
    return common == 0 ? 0 : 2.0 * common / (predicted + wanted);
  }

  private static Map<List<String>, Integer> runs(List<String> words, int length) {
    Map<List<String>, Integer> runs = new HashMap<>();
    for (int start = 0; start + length <= words.size(); start++) {
      runs.merge(new ArrayList<>(words.subList(start, start + length)), 1, Integer::sum);
    }
    return runs;
  }

  private static long common(Map<List<String>, Integer> first, Map<List<String>, Integer> second) {
    return first.entrySet().stream()
        .mapToLong(run -> Math.min(run.getValue(), second.getOrDefault(run.getKey(), 0)))
        .sum();
  }

  /** The length of the longest sequence of words that both have in this order. */
  private static int longestCommon(List<String> first, List<String> second) {
    int[] lengths = new int[second.size() + 1];
    for (String word : first) {
      int diagonal = 0;
      for (int j = 1; j <= second.size(); j++) {
        int above = lengths[j];
        lengths[j] =
            word.equals(second.get(j - 1)) ? diagonal + 1 : Math.max(above, lengths[j - 1]);
        diagonal = above;
      }
    }
    return lengths[second.size()];
  }
}
