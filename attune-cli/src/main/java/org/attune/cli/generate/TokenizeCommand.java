package org.attune.cli.generate;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.attune.cli.terminal.JsonOutput;
import org.attune.model.tokenizer.EncodedToken;
import org.attune.model.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune tokenize}: shows the tokens of a text. */
@Command(
    name = "tokenize",
    description = "Shows the tokens of a text, with their places in Unicode code points.",
    footer = {
      "",
      "Example:",
      "  attune tokenize --model bundled/stories260k --text \"Once upon a time\" --json"
    })
public final class TokenizeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelArgument model;

  @Option(
      names = "--text",
      required = true,
      paramLabel = "TEXT",
      description = "The text; - reads standard input.")
  private String text = "";

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  private TokenizeCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<EncodedToken> tokens;
    try (Tokenizer tokenizer = Tokenizer.load(model.folder())) {
      tokens = tokenizer.encodeWithOffsets(PromptText.of(text)).tokens();
    }
    if (json) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("token_ids", tokens.stream().map(EncodedToken::id).toList());
      result.put("tokens", tokens.stream().map(EncodedToken::token).toList());
      result.put(
          "offsets", tokens.stream().map(token -> List.of(token.from(), token.to())).toList());
      JsonOutput.print(out, result);
    } else {
      tokens.forEach(
          token ->
              out.println(
                  "%6d  %d-%d  %s".formatted(token.id(), token.from(), token.to(), token.token())));
      out.flush();
    }
    return 0;
  }
}
