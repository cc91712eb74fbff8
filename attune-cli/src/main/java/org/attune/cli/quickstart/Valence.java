package org.attune.cli.quickstart;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How kind a text's words are by a word list that no training sees: s / √(s² + 15), where s is the
 * sum of its words' values in the VADER lexicon, each −4 to 4. Hutto and Gilbert, ICWSM 2014.
 *
 * <p>The result lies between −1 and 1. Words are what stands between spaces, without punctuation at
 * either end and in lower case; negation and emphasis are not looked at.
 */
final class Valence {
  private static final double NORMALIZER = 15;
  private static final Pattern SPACES = Pattern.compile("(?U)\\s+");
  private static final String PUNCTUATION = ".,!?\"'();:-";

  private final Map<String, Double> lexicon;

  Valence(Map<String, Double> lexicon) {
    this.lexicon = Map.copyOf(lexicon);
  }

  /** Reads the lexicon: a line for each token, with its mean value in the second column. */
  static Valence read(Path file) {
    Map<String, Double> lexicon = new HashMap<>();
    List<String[]> table = BundledText.table(file);
    for (int i = 0; i < table.size(); i++) {
      String[] cells = table.get(i);
      if (cells.length < 3 || !cells[1].matches("-?\\d+(\\.\\d+)?")) {
        throw BundledText.damaged(
            file,
            i + 1,
            "\"" + String.join(" ", cells) + "\"",
            "a line has a token, its mean value and more");
      }
      lexicon.put(cells[0], Double.parseDouble(cells[1]));
    }
    return new Valence(lexicon);
  }

  double of(String text) {
    double sum =
        SPACES
            .splitAsStream(text)
            .map(Valence::word)
            .mapToDouble(word -> lexicon.getOrDefault(word, 0.0))
            .sum();
    return sum / Math.sqrt(sum * sum + NORMALIZER);
  }

  private static String word(String token) {
    int from = 0;
    int to = token.length();
    while (from < to && PUNCTUATION.indexOf(token.charAt(from)) >= 0) {
      from++;
    }
    while (to > from && PUNCTUATION.indexOf(token.charAt(to - 1)) >= 0) {
      to--;
    }
    return token.substring(from, to).toLowerCase(Locale.ROOT);
  }
}
