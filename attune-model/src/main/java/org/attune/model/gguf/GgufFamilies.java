package org.attune.model.gguf;

import static org.attune.model.gguf.Arrangement.INTERLEAVED_KEYS;
import static org.attune.model.gguf.Arrangement.INTERLEAVED_QUERIES;
import static org.attune.model.gguf.Arrangement.ONE_MORE;
import static org.attune.model.gguf.Arrangement.TRANSPOSED;
import static org.attune.model.gguf.Arrangement.UNGROUPED;
import static org.attune.model.gguf.Setting.count;
import static org.attune.model.gguf.Setting.number;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.attune.model.checkpoint.ConfigJson;

/**
 * The families whose GGUF files are understood, one entry each.
 *
 * <p>Names of tensors are those of {@code gguf.get_tensor_name_map}; how tensors are rearranged is
 * undone as {@code convert_hf_to_gguf.py} of llama.cpp does it.
 */
final class GgufFamilies {
  private static final String LAYER = "model.layers.%.";

  /** Pre-norm blocks with separate projections and a gated feed-forward. */
  private static final GgufFamily BLOCKS =
      GgufFamily.of("", "")
          .with(
              count("context_length", "max_position_embeddings"),
              count("embedding_length", "hidden_size"),
              count("block_count", "num_hidden_layers"),
              count("feed_forward_length", "intermediate_size"),
              count("attention.head_count", "num_attention_heads"),
              count("attention.head_count_kv", "num_key_value_heads"),
              number("attention.layer_norm_rms_epsilon", "rms_norm_eps"),
              number("rope.freq_base", "rope_theta"))
          .withTensors(
              "token_embd", "model.embed_tokens",
              "output_norm", "model.norm",
              "output", "lm_head",
              "blk.%.attn_norm", LAYER + "input_layernorm",
              "blk.%.attn_q", LAYER + "self_attn.q_proj",
              "blk.%.attn_k", LAYER + "self_attn.k_proj",
              "blk.%.attn_v", LAYER + "self_attn.v_proj",
              "blk.%.attn_output", LAYER + "self_attn.o_proj",
              "blk.%.ffn_norm", LAYER + "post_attention_layernorm",
              "blk.%.ffn_gate", LAYER + "mlp.gate_proj",
              "blk.%.ffn_up", LAYER + "mlp.up_proj",
              "blk.%.ffn_down", LAYER + "mlp.down_proj")
          .and(ConfigRest::tied)
          .and(ConfigRest::attentionBias)
          .and(ConfigRest::scaledPositions);

  private static final GgufFamily LLAMA =
      BLOCKS
          .named("llama", "llama")
          .with(count("rope.dimension_count", "head_dim"))
          .arranged(INTERLEAVED_QUERIES, "blk.%.attn_q")
          .arranged(INTERLEAVED_KEYS, "blk.%.attn_k")
          .and(ConfigRest::feedForwardBias);

  /** llama.cpp calls it a Llama with experts. */
  private static final GgufFamily MIXTRAL =
      LLAMA
          .named("llama", "mixtral")
          .with(
              count("expert_count", "num_local_experts"),
              count("expert_used_count", "num_experts_per_tok"))
          .without("blk.%.ffn_gate", "blk.%.ffn_up", "blk.%.ffn_down")
          .withTensors(
              "blk.%.ffn_gate_inp", LAYER + "block_sparse_moe.gate",
              "blk.%.ffn_gate_exps", LAYER + "block_sparse_moe.experts.#.w1",
              "blk.%.ffn_down_exps", LAYER + "block_sparse_moe.experts.#.w2",
              "blk.%.ffn_up_exps", LAYER + "block_sparse_moe.experts.#.w3")
          .and(ConfigRest::feedForwardWidth);

  private static final GgufFamily GPT2 =
      GgufFamily.of("gpt2", "gpt2")
          .with(
              count("context_length", "n_positions"),
              count("embedding_length", "n_embd"),
              count("block_count", "n_layer"),
              count("feed_forward_length", "n_inner"),
              count("attention.head_count", "n_head"),
              number("attention.layer_norm_epsilon", "layer_norm_epsilon"))
          .withTensors(
              "token_embd", "transformer.wte",
              "position_embd", "transformer.wpe",
              "output_norm", "transformer.ln_f",
              "output", "lm_head",
              "blk.%.attn_norm", "transformer.h.%.ln_1",
              "blk.%.attn_qkv", "transformer.h.%.attn.c_attn",
              "blk.%.attn_output", "transformer.h.%.attn.c_proj",
              "blk.%.ffn_norm", "transformer.h.%.ln_2",
              "blk.%.ffn_up", "transformer.h.%.mlp.c_fc",
              "blk.%.ffn_down", "transformer.h.%.mlp.c_proj")
          .arranged(
              TRANSPOSED,
              "blk.%.attn_qkv.weight",
              "blk.%.attn_output.weight",
              "blk.%.ffn_up.weight",
              "blk.%.ffn_down.weight")
          .and((config, metadata, tensors) -> config.put("activation_function", "gelu_new"));

  private static final GgufFamily QWEN2 = BLOCKS.named("qwen2", "qwen2");

  private static final GgufFamily QWEN3 =
      BLOCKS
          .named("qwen3", "qwen3")
          .with(count("attention.key_length", "head_dim"))
          .withTensors(
              "blk.%.attn_q_norm", LAYER + "self_attn.q_norm",
              "blk.%.attn_k_norm", LAYER + "self_attn.k_norm");

  private static final GgufFamily QWEN2_MOE =
      QWEN2
          .named("qwen2moe", "qwen2_moe")
          .with(
              count("expert_count", "num_experts"),
              count("expert_used_count", "num_experts_per_tok"),
              count("expert_feed_forward_length", "moe_intermediate_size"),
              count("expert_shared_feed_forward_length", "shared_expert_intermediate_size"))
          .without("blk.%.ffn_gate", "blk.%.ffn_up", "blk.%.ffn_down")
          .withTensors(
              "blk.%.ffn_gate_inp", LAYER + "mlp.gate",
              "blk.%.ffn_gate_exps", LAYER + "mlp.experts.#.gate_proj",
              "blk.%.ffn_up_exps", LAYER + "mlp.experts.#.up_proj",
              "blk.%.ffn_down_exps", LAYER + "mlp.experts.#.down_proj",
              "blk.%.ffn_gate_inp_shexp", LAYER + "mlp.shared_expert_gate",
              "blk.%.ffn_gate_shexp", LAYER + "mlp.shared_expert.gate_proj",
              "blk.%.ffn_up_shexp", LAYER + "mlp.shared_expert.up_proj",
              "blk.%.ffn_down_shexp", LAYER + "mlp.shared_expert.down_proj")
          .and((config, metadata, tensors) -> config.put("norm_topk_prob", false))
          .and(ConfigRest::queryBias)
          .and(ConfigRest::feedForwardWidth)
          .and(ConfigRest::expertWidths);

  private static final GgufFamily QWEN3_MOE =
      QWEN3
          .named("qwen3moe", "qwen3_moe")
          .with(
              count("expert_count", "num_experts"),
              count("expert_used_count", "num_experts_per_tok"),
              count("expert_feed_forward_length", "moe_intermediate_size"))
          .without("blk.%.ffn_gate", "blk.%.ffn_up", "blk.%.ffn_down")
          .withTensors(
              "blk.%.ffn_gate_inp", LAYER + "mlp.gate",
              "blk.%.ffn_gate_exps", LAYER + "mlp.experts.#.gate_proj",
              "blk.%.ffn_up_exps", LAYER + "mlp.experts.#.up_proj",
              "blk.%.ffn_down_exps", LAYER + "mlp.experts.#.down_proj")
          .and((config, metadata, tensors) -> config.put("norm_topk_prob", true))
          .and(ConfigRest::feedForwardWidth)
          .and(ConfigRest::expertWidths);

  private static final GgufFamily GEMMA =
      BLOCKS
          .named("gemma", "gemma")
          .with(count("attention.key_length", "head_dim"))
          .arranged(ONE_MORE, "output_norm", "blk.%.attn_norm", "blk.%.ffn_norm")
          .and((config, metadata, tensors) -> config.put("hidden_act", "gelu_pytorch_tanh"));

  private static final GgufFamily GEMMA2 =
      GEMMA
          .named("gemma2", "gemma2")
          .with(
              count("attention.sliding_window", "sliding_window"),
              number("attn_logit_softcapping", "attn_logit_softcapping"),
              number("final_logit_softcapping", "final_logit_softcapping"))
          .withTensors(
              "blk.%.post_attention_norm", LAYER + "post_attention_layernorm",
              "blk.%.ffn_norm", LAYER + "pre_feedforward_layernorm",
              "blk.%.post_ffw_norm", LAYER + "post_feedforward_layernorm")
          .arranged(ONE_MORE, "blk.%.post_attention_norm", "blk.%.post_ffw_norm")
          .and(ConfigRest::gemma2);

  private static final GgufFamily GEMMA3 =
      GEMMA2
          .named("gemma3", "gemma3_text")
          .withTensors(
              "blk.%.attn_q_norm", LAYER + "self_attn.q_norm",
              "blk.%.attn_k_norm", LAYER + "self_attn.k_norm")
          .arranged(ONE_MORE, "blk.%.attn_q_norm", "blk.%.attn_k_norm")
          .and(ConfigRest::gemma3);

  private static final GgufFamily PHI3 =
      BLOCKS
          .named("phi3", "phi3")
          .with(count("attention.sliding_window", "sliding_window"))
          .without("blk.%.attn_q", "blk.%.attn_k", "blk.%.attn_v", "blk.%.ffn_gate")
          .withTensors(
              "blk.%.attn_qkv", LAYER + "self_attn.qkv_proj",
              "blk.%.ffn_up", LAYER + "mlp.gate_up_proj")
          .and(ConfigRest::phi3);

  private static final GgufFamily OLMO2 =
      BLOCKS
          .named("olmo2", "olmo2")
          .without("blk.%.attn_norm", "blk.%.ffn_norm")
          .withTensors(
              "blk.%.attn_q_norm", LAYER + "self_attn.q_norm",
              "blk.%.attn_k_norm", LAYER + "self_attn.k_norm",
              "blk.%.post_attention_norm", LAYER + "post_attention_layernorm",
              "blk.%.post_ffw_norm", LAYER + "post_feedforward_layernorm");

  private static final GgufFamily FALCON =
      GgufFamily.of("falcon", "falcon")
          .with(
              count("context_length", "max_position_embeddings"),
              count("embedding_length", "hidden_size"),
              count("block_count", "num_hidden_layers"),
              count("feed_forward_length", "ffn_hidden_size"),
              count("attention.head_count", "num_attention_heads"),
              count("attention.head_count_kv", "num_kv_heads"),
              number("attention.layer_norm_epsilon", "layer_norm_epsilon"),
              number("rope.freq_base", "rope_theta"))
          .withTensors(
              "token_embd", "transformer.word_embeddings",
              "output_norm", "transformer.ln_f",
              "output", "lm_head",
              "blk.%.attn_qkv", "transformer.h.%.self_attention.query_key_value",
              "blk.%.attn_output", "transformer.h.%.self_attention.dense",
              "blk.%.ffn_up", "transformer.h.%.mlp.dense_h_to_4h",
              "blk.%.ffn_down", "transformer.h.%.mlp.dense_4h_to_h",
              "blk.%.attn_norm", "transformer.h.%.input_layernorm")
          .arranged(UNGROUPED, "blk.%.attn_qkv")
          .and(ConfigRest::tied)
          .and(ConfigRest::falcon);

  /** A Falcon with a norm of its own for each half of a block. */
  private static final GgufFamily FALCON_TWO_NORMS =
      FALCON.withTensors(
          "blk.%.attn_norm", "transformer.h.%.ln_mlp",
          "blk.%.attn_norm_2", "transformer.h.%.ln_attn");

  private static final Map<String, GgufFamily> BY_ARCHITECTURE = new LinkedHashMap<>();

  static {
    for (GgufFamily family :
        List.of(
            LLAMA, GPT2, QWEN2, QWEN3, QWEN2_MOE, QWEN3_MOE, GEMMA, GEMMA2, GEMMA3, PHI3, OLMO2,
            FALCON)) {
      BY_ARCHITECTURE.put(family.architecture(), family);
    }
  }

  private static final Map<String, GgufFamily> WRITTEN =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("falcon", FALCON),
              Map.entry("gemma", GEMMA),
              Map.entry("gemma2", GEMMA2),
              Map.entry("gemma3_text", GEMMA3),
              Map.entry("gpt2", GPT2),
              Map.entry("llama", LLAMA),
              Map.entry("mistral", LLAMA),
              Map.entry("mixtral", MIXTRAL),
              Map.entry("olmo2", OLMO2),
              Map.entry("phi3", PHI3),
              Map.entry("qwen2", QWEN2),
              Map.entry("qwen2_moe", QWEN2_MOE),
              Map.entry("qwen3", QWEN3),
              Map.entry("qwen3_moe", QWEN3_MOE)));

  private GgufFamilies() {}

  /** The family of a file. */
  static GgufFamily of(GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    String architecture = metadata.text("general.architecture");
    GgufFamily family = BY_ARCHITECTURE.get(architecture);
    if (family == null) {
      throw metadata.mismatch(
          "general.architecture",
          "one of " + String.join(", ", BY_ARCHITECTURE.keySet()),
          architecture);
    }
    if (architecture.equals("llama") && metadata.integer("llama.expert_count").orElse(0) > 0) {
      return MIXTRAL;
    }
    return architecture.equals("falcon") && tensors.containsKey("blk.0.attn_norm_2.weight")
        ? FALCON_TWO_NORMS
        : family;
  }

  /** The family to write a model as; a Mistral is a Llama. */
  static Optional<GgufFamily> toWrite(ConfigJson config) {
    boolean twoNorms =
        config.flag("new_decoder_architecture", false)
            && config.integer("num_ln_in_parallel_attn", 2) == 2;
    return Optional.ofNullable(WRITTEN.get(config.text("model_type")))
        .map(family -> twoNorms ? FALCON_TWO_NORMS : family);
  }

  /** Every {@code model_type} that {@link #toWrite} knows. */
  static Set<String> writable() {
    return WRITTEN.keySet();
  }
}
