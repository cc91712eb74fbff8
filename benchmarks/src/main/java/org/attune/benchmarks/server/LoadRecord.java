package org.attune.benchmarks.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** The records of a load, each of which follows from its number. */
final class LoadRecord {

  static final int DIMENSIONS = 384;

  private static final int LATENT = 64;
  private static final float LATENT_SCALE = 0.25f;
  private static final float[][] DIRECTIONS = directions();
  private static final int WORDS_IN_TEXT = 30;
  private static final int NUMBERED = 1000;
  private static final String[] WORDS =
      ("record answer question model train reward policy value text label number people language "
              + "river mountain city music food animal science history weather planet engine")
          .split(" ", -1);

  private LoadRecord() {}

  static Map<String, Object> of(int number, boolean withVector) {
    String text = words(new Random(number), WORDS_IN_TEXT);
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("external_id", name(number));
    record.put("fields", Map.of("text", text));
    record.put("metadata", Map.of("length", text.length()));
    if (withVector) {
      record.put("vectors", Map.of("meaning", vector(number)));
    }
    return record;
  }

  static String name(int number) {
    return "r" + number;
  }

  static int number(String name) {
    return Integer.parseInt(name.substring(1));
  }

  /** Two words out of 24,000 combinations each: few records have both. */
  static String words(Random random, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(NUMBERED)).append(' ');
    }
    return text.toString();
  }

  /**
   * A vector as embeddings of texts are: most of it lies in few directions, here 64 of 384, with
   * normal noise in all. Its components have a variance of 4 by the former and 1 by the latter.
   */
  static float[] vector(long seed) {
    Random random = new Random(seed * 31 + 7);
    float[] latent = normal(random, LATENT);
    float[] vector = normal(random, DIMENSIONS);
    for (int i = 0; i < DIMENSIONS; i++) {
      for (int j = 0; j < LATENT; j++) {
        vector[i] += LATENT_SCALE * DIRECTIONS[i][j] * latent[j];
      }
    }
    return vector;
  }

  private static float[][] directions() {
    Random random = new Random(1);
    float[][] directions = new float[DIMENSIONS][];
    for (int i = 0; i < DIMENSIONS; i++) {
      directions[i] = normal(random, LATENT);
    }
    return directions;
  }

  private static float[] normal(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
