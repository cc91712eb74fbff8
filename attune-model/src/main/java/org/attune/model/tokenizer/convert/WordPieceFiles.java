package org.attune.model.tokenizer.convert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tokenizer of a {@code vocab.txt}, a token in each line. */
final class WordPieceFiles {
  private static final String VOCABULARY = "vocab.txt";
  private static final List<String> CLASSES =
      List.of(
          "",
          "PreTrainedTokenizer",
          "TokenizersBackend",
          "BertTokenizer",
          "DistilBertTokenizer",
          "ElectraTokenizer",
          "MobileBertTokenizer");
  private static final Map<String, String> USUAL_ROLES =
      Map.of(
          "unk_token", "[UNK]",
          "sep_token", "[SEP]",
          "pad_token", "[PAD]",
          "cls_token", "[CLS]",
          "mask_token", "[MASK]");

  private WordPieceFiles() {}

  static Conversion conversion(byte[] vocabulary, DeclaredTokens declared) {
    if (!CLASSES.contains(declared.tokenizerClass())) {
      throw declared.damaged(
          "tokenizer_config.json",
          "tokenizer_class is %s, and of the tokenizers with a vocab.txt BertTokenizer, DistilBertTokenizer, ElectraTokenizer and MobileBertTokenizer are known. Save a tokenizer.json with transformers"
              .formatted(declared.tokenizerClass()));
    }
    Map<String, Integer> ids = ids(new String(vocabulary, UTF_8), declared);
    Map<Integer, AddedToken> added = declared.placedIn(ids);
    Map<String, String> roles = declared.rolesIn(ids, USUAL_ROLES);
    String unknown = required("unk_token", roles, declared);
    String classifier = required("cls_token", roles, declared);
    String separator = required("sep_token", roles, declared);
    roles.values().forEach(token -> added.putIfAbsent(ids.get(token), AddedToken.control(token)));
    TokenizerJson json =
        WordPieceConversion.json(
                ids,
                unknown,
                declared.flag("do_lower_case", true),
                declared.flag("strip_accents"),
                declared.flag("tokenize_chinese_chars", true))
            .postProcessor(WordPieceConversion.surroundings(classifier, separator).toJson(ids))
            .add(added);
    return new Conversion(json, roles);
  }

  private static String required(String role, Map<String, String> roles, DeclaredTokens declared) {
    String token = roles.get(role);
    if (token == null) {
      throw declared.damaged(
          VOCABULARY,
          "it has no %s, which is the %s".formatted(USUAL_ROLES.get(role), role.replace('_', ' ')));
    }
    return token;
  }

  private static Map<String, Integer> ids(String lines, DeclaredTokens declared) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    String content = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
    int id = 0;
    for (String line : content.split("\n", -1)) {
      String token = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      Integer other = ids.put(token, id);
      if (other != null) {
        throw declared.damaged(
            VOCABULARY, "lines %,d and %,d are both \"%s\"".formatted(other + 1, id + 1, token));
      }
      id++;
    }
    return ids;
  }
}
