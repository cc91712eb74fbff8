package org.attune.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.checkpoint.ConfigJson;
import org.attune.model.dropout.DropoutSeeds;
import org.attune.model.transformer.Architecture;
import org.attune.model.transformer.CausalAttention;
import org.attune.model.transformer.TokenBatch;
import org.attune.model.weights.WeightSpec;
import org.attune.model.weights.WeightViews;
import org.attune.model.weights.Weights;
import org.attune.tensor.DType;
import org.attune.tensor.GradientMode;
import org.attune.tensor.TensorScope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which keys of a configuration say how much is dropped, and what is dropped where none does. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class DropoutConfigTest {
  private static final int[] TEXT = {1, 5, 9, 3, 7};

  @ParameterizedTest
  @CsvSource({
    "family-gpt2, embd_pdrop",
    "family-gpt2, resid_pdrop",
    "family-gpt2, attn_pdrop",
    "family-opt, dropout",
    "family-opt, attention_dropout",
    "family-gpt_neox, hidden_dropout",
    "family-gpt_neox, attention_dropout",
    "family-falcon, hidden_dropout",
    "family-falcon-rw, attention_dropout",
    "family-phi3, resid_pdrop",
    "family-phi3, attention_dropout",
    "family-llama, attention_dropout",
    "family-mistral, attention_dropout",
    "family-qwen2, attention_dropout",
    "family-qwen2_moe, attention_dropout",
    "family-qwen3, attention_dropout",
    "family-qwen3_moe, attention_dropout",
    "family-mixtral, attention_dropout",
    "family-smollm3, attention_dropout",
    "family-gemma, attention_dropout",
    "family-gemma2, attention_dropout",
    "family-gemma3_text, attention_dropout",
    "family-olmo2, attention_dropout",
    "bert-masked, hidden_dropout_prob",
    "bert-masked, attention_probs_dropout_prob",
    "roberta-masked, hidden_dropout_prob",
    "distilbert-masked, dropout",
    "distilbert-masked, attention_dropout",
    "modernbert-masked, embedding_dropout",
    "modernbert-masked, mlp_dropout",
    "modernbert-masked, attention_dropout"
  })
  void the_key_of_a_family_says_how_much_is_dropped(String golden, String key) {
    assertThat(hidden(golden, key, 0.3)).isNotEqualTo(hidden(golden, key, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "family-gpt2, 0.1",
    "family-opt, 0.1",
    "family-llama, 0",
    "family-gpt_neox, 0",
    "bert-masked, 0.1",
    "distilbert-masked, 0.1",
    "modernbert-masked, 0"
  })
  void a_configuration_that_does_not_say_means_what_it_means_in_transformers(
      String golden, double rate) {
    ObjectNode bare = without(config(golden));

    float[] byDefault = hidden(golden, bare, null);

    assertThat(byDefault).isEqualTo(hidden(golden, rated(golden, bare, rate), null));
    assertThat(byDefault).isNotEqualTo(hidden(golden, bare, 0.2));
  }

  /** The rates of a configuration by hand, where a default is not the same in all places. */
  private static ObjectNode rated(String golden, ObjectNode bare, double rate) {
    ObjectNode rated = bare.deepCopy();
    switch (golden.substring(golden.indexOf('-') + 1)) {
      case "gpt2" -> rated.put("embd_pdrop", rate).put("resid_pdrop", rate).put("attn_pdrop", rate);
      case "opt" -> rated.put("dropout", rate).put("attention_dropout", 0);
      default ->
          rated
              .put("attention_dropout", rate)
              .put("dropout", rate)
              .put("hidden_dropout", rate)
              .put("hidden_dropout_prob", rate)
              .put("attention_probs_dropout_prob", rate);
    }
    return rated;
  }

  @ParameterizedTest
  @CsvSource({
    "family-gpt2, attn_pdrop, 1.0",
    "family-llama, attention_dropout, -0.1",
    "bert-masked, hidden_dropout_prob, 2.0",
    "modernbert-masked, classifier_dropout, 1.0"
  })
  void a_rate_that_is_none_is_refused(String golden, String key, double rate) {
    ObjectNode config = config(golden).put(key, rate);

    assertThatThrownBy(() -> architecture(config))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("%s must be at least 0 and below 1 but was %s".formatted(key, rate));
  }

  private static float[] hidden(String golden, String key, double rate) {
    ObjectNode config = without(config(golden));
    for (String other : List.of("embd_pdrop", "resid_pdrop", "attn_pdrop", "dropout")) {
      config.put(other, 0);
    }
    config.put("hidden_dropout_prob", 0).put("attention_probs_dropout_prob", 0);
    config.put("attention_dropout", 0);
    return hidden(golden, config.put(key, rate), null);
  }

  private static float[] hidden(String golden, ObjectNode config, @Nullable Double rate) {
    Architecture architecture = architecture(config);
    assertThat(golden.toLowerCase(Locale.ROOT)).contains(architecture.modelType());
    try (Weights weights = new Weights(architecture.bodyWeights());
        TensorScope scope = TensorScope.open()) {
      new Initialization(architecture, 1).fillAll(weights);
      for (WeightSpec spec : weights.specs()) {
        // no weight at 0, so that every place has something to drop
        TensorScope.use(
            () -> GradientMode.useWithout(() -> weights.get(spec.name()).addInPlace(0.1)));
      }
      WeightViews views = WeightViews.frozen(weights, DType.FLOAT32);
      try (var transformer = architecture.over(views)) {
        TokenBatch batch =
            TokenBatch.of(List.of(TEXT)).dropping(new DropoutSeeds(List.of(7L), rate));
        return GradientMode.without(
                () ->
                    views
                        .noise()
                        .during(
                            batch.noise(),
                            () ->
                                architecture.isEncoder()
                                    ? transformer.hidden(batch)
                                    : transformer.hidden(batch, new CausalAttention(batch))))
            .toFloats();
      }
    }
  }

  private static Architecture architecture(ObjectNode config) {
    return Architectures.read(
        ConfigJson.parse(Path.of("config.json"), config.toString().getBytes(UTF_8)));
  }

  private static ObjectNode config(String golden) {
    try {
      return (ObjectNode)
          new ObjectMapper()
              .readTree(ParityCases.directory(golden).resolve("config.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode without(ObjectNode config) {
    List<String> keys = new ArrayList<>();
    config.fieldNames().forEachRemaining(keys::add);
    keys.removeIf(key -> !key.contains("dropout") && !key.contains("pdrop"));
    return config.remove(keys);
  }
}
