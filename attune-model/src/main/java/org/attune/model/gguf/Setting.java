package org.attune.model.gguf;

/**
 * One value that a GGUF head and {@code config.json} both have.
 *
 * @param key in the head, without the architecture before it
 * @param config the key in {@code config.json}
 */
record Setting(String key, String config, Kind kind) {
  enum Kind {
    COUNT,
    NUMBER
  }

  static Setting count(String key, String config) {
    return new Setting(key, config, Kind.COUNT);
  }

  static Setting number(String key, String config) {
    return new Setting(key, config, Kind.NUMBER);
  }
}
