package org.attune.benchmarks.storage;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A record that its number alone determines, so that what a store holds can be compared with what
 * was written. Like a row of preference data: a prompt, two answers, metadata.
 *
 * @param key its number, from 0
 */
record FeedbackRecord(long key) {
  static final int BULK = 500;
  static final int DIMENSIONS = 384;

  /** Every how manyth record has a vector. */
  static final int VECTOR_EVERY = 10;

  /** Every how manyth record comes with a response. */
  static final int RESPONSE_EVERY = 5;

  private static final String[] WORDS =
      ("the model answers a question of people about their work and gives reasons for each step "
              + "but some of it is wrong or too long so annotators compare two answers naïve größer")
          .split(" ");

  static long bulkOf(long key) {
    return key / BULK;
  }

  boolean hasVector() {
    return key % VECTOR_EVERY == 0;
  }

  boolean hasResponse() {
    return key % RESPONSE_EVERY == 0;
  }

  /** In the order of the keys, as a UUID of version 7 is in the order of time. */
  String id() {
    SplittableRandom random = new SplittableRandom(key);
    long high = (key << 16) | 0x7000L | random.nextInt(0x1000);
    return new UUID(high, (random.nextLong() & 0x3fffffffffffffffL) | Long.MIN_VALUE).toString();
  }

  String externalId() {
    return "row-" + key;
  }

  String fields() {
    SplittableRandom random = new SplittableRandom(key);
    return "{\"prompt\": \"%s\", \"response-1\": \"%s\", \"response-2\": \"%s\"}"
        .formatted(text(random, 25), text(random, 60), text(random, 60));
  }

  String metadata() {
    return "{\"source\": \"web\", \"length\": %d, \"score\": 0.%d}"
        .formatted(key % 997, key % 1000);
  }

  byte[] vector() {
    SplittableRandom random = new SplittableRandom(key);
    ByteBuffer components = ByteBuffer.allocate(DIMENSIONS * Float.BYTES);
    while (components.hasRemaining()) {
      components.putFloat((float) random.nextDouble(-1, 1));
    }
    return components.array();
  }

  private static String text(SplittableRandom random, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }
}
