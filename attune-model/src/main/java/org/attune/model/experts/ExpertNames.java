package org.attune.model.experts;

/**
 * The names of the weights of experts inside a layer.
 *
 * @param block what router and experts stand in
 * @param gate of each expert
 * @param up of each expert
 * @param down of each expert
 */
public record ExpertNames(String block, String gate, String up, String down) {
  public static final ExpertNames MIXTRAL = new ExpertNames("block_sparse_moe", "w1", "w3", "w2");
  public static final ExpertNames QWEN =
      new ExpertNames("mlp", "gate_proj", "up_proj", "down_proj");

  String router() {
    return block + ".gate";
  }

  String gate(int expert) {
    return of(expert, gate);
  }

  String up(int expert) {
    return of(expert, up);
  }

  String down(int expert) {
    return of(expert, down);
  }

  private String of(int expert, String part) {
    return block + ".experts." + expert + "." + part;
  }
}
