package org.attune.cli.quickstart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.attune.data.Dataset;
import org.attune.data.DatasetFormatException;
import org.attune.model.tokenizer.Tokenizer;

/**
 * Rows cut from stories: a sentence, and the two sentences that follow it.
 *
 * <p>Held out is by story: of a story with a held-out row nothing is learned. A held-out beginning
 * is the only one of its story, so that the evaluated beginnings are independent, and its text
 * begins no other story's row.
 *
 * @param train to learn from
 * @param heldOut to evaluate on
 */
record StoryBeginnings(List<Beginning> train, List<Beginning> heldOut) {
  private static final int LONGEST_PROMPT = 39;

  /**
   * With the end token that the trainer adds one less than the limit of 46, which fits a cap of 48
   * new tokens.
   */
  private static final int LONGEST_COMPLETION = 45;

  private static final int[] STARTS = {0, 2, 4};
  private static final int SENTENCES = 3;
  private static final Pattern STORY_END = Pattern.compile(Pattern.quote("<|endoftext|>"));
  private static final Pattern SENTENCE_END = Pattern.compile("(?U)(?<=[.!?])\\s+");

  /** A row: a sentence, and how the story goes on. */
  record Beginning(String prompt, String completion) {
    Map<String, String> row() {
      return Map.of("prompt", prompt, "completion", completion);
    }
  }

  StoryBeginnings {
    train = List.copyOf(train);
    heldOut = List.copyOf(heldOut);
  }

  /**
   * Cuts the stories of a file.
   *
   * @param count beginnings to hold out
   */
  static StoryBeginnings cut(Path file, Tokenizer tokenizer, int count, long seed) {
    String[] stories = STORY_END.split(BundledText.read(file));
    // what follows the last mark is a story that was cut off
    List<String> whole = Arrays.asList(stories).subList(0, Math.max(0, stories.length - 1));
    return split(whole.stream().map(story -> rows(story, tokenizer)).toList(), count, seed);
  }

  /** The rows of a story, none if it is too short or its sentences too long. */
  static List<Beginning> rows(String story, Tokenizer tokenizer) {
    List<String> sentences = SENTENCE_END.splitAsStream(story.strip()).toList();
    List<Beginning> rows = new ArrayList<>();
    for (int start : STARTS) {
      if (sentences.size() < start + SENTENCES) {
        break;
      }
      String prompt = sentences.get(start);
      String completion = " " + String.join(" ", sentences.subList(start + 1, start + SENTENCES));
      int[] promptIds = tokenizer.encode(prompt);
      int[] ids = tokenizer.encode(prompt + completion);
      int same = Arrays.mismatch(promptIds, ids);
      if (promptIds.length <= LONGEST_PROMPT
          && ids.length - promptIds.length <= LONGEST_COMPLETION
          && same == promptIds.length) {
        rows.add(new Beginning(prompt, completion));
      }
    }
    return rows;
  }

  /** Splits rows, given story by story. */
  static StoryBeginnings split(List<List<Beginning>> stories, int count, long seed) {
    Map<String, Integer> storiesWith = new HashMap<>();
    for (List<Beginning> rows : stories) {
      rows.stream()
          .map(Beginning::prompt)
          .distinct()
          .forEach(prompt -> storiesWith.merge(prompt, 1, Integer::sum));
    }
    RandomGenerator random = Shuffled.random(seed);
    List<Beginning> train = new ArrayList<>();
    List<Beginning> heldOut = new ArrayList<>();
    for (List<Beginning> rows : Shuffled.of(stories, random)) {
      List<Beginning> unique =
          rows.stream().filter(row -> storiesWith.getOrDefault(row.prompt, 0) == 1).toList();
      if (heldOut.size() < count && !unique.isEmpty()) {
        heldOut.add(unique.get(random.nextInt(unique.size())));
      } else {
        train.addAll(rows);
      }
    }
    if (heldOut.size() < count || train.isEmpty()) {
      throw DatasetFormatException.of(
          "%,d stories give %,d beginnings to hold out and %,d rows to learn; %,d and at least 1 are needed. Use more stories, or hold out fewer."
              .formatted(stories.size(), heldOut.size(), train.size(), count));
    }
    return new StoryBeginnings(train, heldOut);
  }

  /**
   * Writes the rows as files that the trainers read; the prompts are those of the rows to learn
   * from.
   */
  void write(QuickstartFiles files) {
    Dataset.fromRows(train.stream().map(Beginning::row).toList()).toJsonl(files.stories());
    Dataset.fromRows(heldOut.stream().map(Beginning::row).toList()).toJsonl(files.heldOutStories());
    Dataset.fromRows(train.stream().map(row -> Map.of("prompt", row.prompt)).toList())
        .toJsonl(files.prompts());
  }
}
