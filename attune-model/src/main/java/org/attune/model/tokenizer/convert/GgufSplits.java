package org.attune.model.tokenizer.convert;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The pre-tokenizers by the names that llama.cpp gives them ({@code tokenizer.ggml.pre}). */
final class GgufSplits {
  private static final Map<String, Supplier<ByteLevelSplit>> BY_NAME =
      Map.ofEntries(
          entry("gpt-2", GgufSplits::gpt2),
          entry("phi-2", GgufSplits::gpt2),
          entry("mpt", GgufSplits::gpt2),
          entry("jais", GgufSplits::gpt2),
          entry("mellum", GgufSplits::gpt2),
          entry("gpt-neox", ByteLevelSplit::composedGpt2),
          entry("olmo", ByteLevelSplit::composedGpt2),
          entry("smollm", ByteLevelSplit::singleDigits),
          entry("starcoder", ByteLevelSplit::singleDigits),
          entry("refact", ByteLevelSplit::singleDigits),
          entry("command-r", ByteLevelSplit::singleDigits),
          entry("codeshell", ByteLevelSplit::singleDigits),
          entry("exaone", ByteLevelSplit::singleDigits),
          entry("minerva-7b", ByteLevelSplit::singleDigits),
          entry("falcon", ByteLevelSplit::falcon),
          entry("llama3", ByteLevelSplit::llama3),
          entry("llama-v3", ByteLevelSplit::llama3),
          entry("llama-bpe", ByteLevelSplit::llama3),
          entry("falcon3", ByteLevelSplit::llama3),
          entry("falcon-h1", ByteLevelSplit::llama3),
          entry("pixtral", ByteLevelSplit::llama3),
          entry("lfm2", ByteLevelSplit::llama3),
          entry("dbrx", ByteLevelSplit::llama3Pattern),
          entry("smaug-bpe", ByteLevelSplit::llama3Pattern),
          entry("chatglm-bpe", ByteLevelSplit::llama3Pattern),
          entry("qwen2", ByteLevelSplit::qwen2),
          entry("deepseek-r1-qwen", ByteLevelSplit::qwen2),
          entry("megrez", ByteLevelSplit::qwen2),
          entry("stablelm2", ByteLevelSplit::stableLm2),
          entry("hunyuan", ByteLevelSplit::stableLm2),
          entry("tekken", ByteLevelSplit::tekken),
          entry("gpt-4o", ByteLevelSplit::gpt4o),
          entry("llama4", ByteLevelSplit::gpt4o));

  /** One name for each pre-tokenizer, as llama.cpp's converter chooses it. */
  private static final List<String> WRITTEN =
      List.of(
          "gpt-2",
          "gpt-neox",
          "smollm",
          "falcon",
          "llama-bpe",
          "dbrx",
          "qwen2",
          "stablelm2",
          "tekken",
          "gpt-4o");

  private GgufSplits() {}

  private static ByteLevelSplit gpt2() {
    return ByteLevelSplit.gpt2(false);
  }

  static Optional<ByteLevelSplit> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name)).map(Supplier::get);
  }

  /**
   * What a file means that names no pre-tokenizer, or the default one; older files do. llama.cpp
   * warns and splits in a way that no model was trained with; the architecture says more.
   */
  static ByteLevelSplit ofArchitecture(String architecture) {
    return switch (architecture.toLowerCase(Locale.ROOT)) {
      case "qwen2", "qwen2moe", "qwen3", "qwen3moe" -> ByteLevelSplit.qwen2();
      case "falcon" -> ByteLevelSplit.falcon();
      case "gptneox", "olmo", "olmo2" -> ByteLevelSplit.composedGpt2();
      case "starcoder", "starcoder2" -> ByteLevelSplit.singleDigits();
      default -> gpt2();
    };
  }

  /** The name of what a {@code tokenizer.json} does before its merges apply; none if unknown. */
  static Optional<String> nameOf(JsonNode tokenizer) {
    return WRITTEN.stream()
        .filter(name -> named(name).filter(split -> split.isThatOf(tokenizer)).isPresent())
        .findFirst();
  }

  static Set<String> names() {
    return new TreeSet<>(BY_NAME.keySet());
  }
}
