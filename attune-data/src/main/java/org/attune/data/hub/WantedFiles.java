package org.attune.data.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which files of a repository are needed; scripts never are. */
public final class WantedFiles {
  private static final Set<String> SETTINGS =
      Set.of(
          "config.json",
          "generation_config.json",
          "attune.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "vocab.txt",
          "tokenizer.model",
          "spiece.model",
          "chat_template.jinja",
          "chat_template.json",
          "adapter_config.json",
          "value_head.safetensors");

  private static final Pattern SAFETENSORS =
      Pattern.compile("(adapter_)?model(-\\d+-of-\\d+)?\\.safetensors(\\.index\\.json)?");
  private static final Pattern PICKLES =
      Pattern.compile(
          "(pytorch_|adapter_)model(-\\d+-of-\\d+)?\\.bin|pytorch_model\\.bin\\.index\\.json");
  private static final List<String> ROWS =
      List.of("parquet", "jsonl", "ndjson", "csv", "tsv", "json");
  private static final Pattern EVALUATION =
      Pattern.compile("(^|[^a-z])(test|eval|evaluation|validation|valid|val|dev)([^a-z]|$)");
  private static final Pattern TRAINING = Pattern.compile("(^|[^a-z])(train|training)([^a-z]|$)");

  private WantedFiles() {}

  /**
   * A model's settings, tokenizer and weights: safetensors, or where there are none the older
   * pickles.
   *
   * @throws HubException if there is no model that could be loaded
   */
  public static List<HubFile> ofModel(List<HubFile> all, HubReference reference) {
    List<HubFile> weights = matching(all, SAFETENSORS);
    if (weights.isEmpty()) {
      weights = matching(all, PICKLES);
    }
    if (weights.stream().anyMatch(file -> isWhole(file.path()))) {
      weights = weights.stream().filter(file -> isWhole(file.path())).toList();
    }
    List<HubFile> wanted = new ArrayList<>();
    all.stream().filter(file -> SETTINGS.contains(file.path())).forEach(wanted::add);
    wanted.addAll(weights);
    if (weights.isEmpty()) {
      List<String> others =
          all.stream().map(HubFile::path).filter(path -> path.endsWith(".gguf")).toList();
      throw new HubException(
          HubException.Reason.NOT_FOUND,
          others.isEmpty()
              ? "%s has no weights: neither safetensors nor pytorch_model.bin. It has %s. Name the repository of a model."
                  .formatted(reference, names(all.stream().map(HubFile::path).toList()))
              : "%s has GGUF files only. Name one of them, such as %s; there are %s."
                  .formatted(reference, reference.file(others.get(0)), names(others)));
    }
    return wanted;
  }

  /** Not a shard, nor an index of shards. */
  private static boolean isWhole(String path) {
    return !path.contains("-of-") && !path.endsWith(".index.json");
  }

  /**
   * The rows of a dataset in the best format that it has.
   *
   * @param evaluation whether those for evaluation are meant; otherwise those for training, or all
   *     where names do not tell
   * @throws HubException if there are none
   */
  public static List<HubFile> ofDataset(
      List<HubFile> all, HubReference reference, boolean evaluation) {
    List<HubFile> files = rows(all, reference);
    List<HubFile> chosen = select(files, evaluation);
    if (chosen.isEmpty()) {
      throw new HubException(
          HubException.Reason.NOT_FOUND,
          "No file of %s says by its name that it is for %s. Name one of %s, such as %s."
              .formatted(
                  reference,
                  evaluation ? "evaluation" : "training",
                  names(files.stream().map(HubFile::path).toList()),
                  reference.file(files.get(0).path())));
    }
    return chosen;
  }

  /**
   * All rows of a dataset in the best format that it has.
   *
   * @throws HubException if there are none
   */
  public static List<HubFile> rows(List<HubFile> all, HubReference reference) {
    for (String format : ROWS) {
      List<HubFile> files = all.stream().filter(file -> isRows(file.path(), format)).toList();
      if (!files.isEmpty()) {
        return files;
      }
    }
    throw new HubException(
        HubException.Reason.NOT_FOUND,
        "%s has no rows: no file ends in one of .%s. It has %s. A dataset that a script makes is not run; name another one."
            .formatted(
                reference,
                String.join(", .", ROWS),
                names(all.stream().map(HubFile::path).toList())));
  }

  private static List<HubFile> select(List<HubFile> files, boolean evaluation) {
    Predicate<HubFile> forEvaluation = file -> finds(EVALUATION, file);
    if (evaluation) {
      return files.stream().filter(forEvaluation).toList();
    }
    List<HubFile> training = files.stream().filter(file -> finds(TRAINING, file)).toList();
    return training.isEmpty() ? files.stream().filter(forEvaluation.negate()).toList() : training;
  }

  private static boolean finds(Pattern split, HubFile file) {
    return split.matcher(file.path().toLowerCase(Locale.ROOT)).find();
  }

  private static boolean isRows(String path, String format) {
    boolean describes =
        path.endsWith("dataset_infos.json") || path.endsWith("config.json") || path.startsWith(".");
    return !describes && (path.endsWith("." + format) || path.endsWith("." + format + ".gz"));
  }

  private static List<HubFile> matching(List<HubFile> all, Pattern pattern) {
    return all.stream().filter(file -> pattern.matcher(file.path()).matches()).toList();
  }

  private static String names(List<String> paths) {
    String shown = paths.stream().limit(10).collect(Collectors.joining(", "));
    return paths.isEmpty()
        ? "no files"
        : paths.size() > 10 ? shown + " and %d more".formatted(paths.size() - 10) : shown;
  }
}
