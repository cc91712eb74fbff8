package org.attune.cli.generate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.attune.model.generate.GenerationListener;
import org.attune.model.generate.InvalidSamplingException;
import org.attune.model.generate.PromptTooLongException;
import org.attune.model.generate.SamplingConfig;
import org.attune.model.template.TemplateException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune chat}: answers each line that a person writes, or continues it. */
@Command(
    name = "chat",
    description = {
      "Answers each line you write, in the form of the model's chat template.",
      "A model without one continues each line, and lines do not see one another.",
      "Answers go to standard output, everything else to standard error."
    },
    footer = {
      "",
      "Examples:",
      "  attune chat --model runs/sft --temperature 0.8",
      "  attune chat --model runs/sft < prompts.txt > answers.txt"
    })
public final class ChatCommand implements Callable<Integer> {
  private static final String HELP =
      """
      /temperature T  0 takes the likeliest token, 1 draws as the model thinks
      /seed S         of the random choices
      /clear          forgets what was said
      /help           this
      /exit           ends the chat, as the end of the input does""";

  @Spec private CommandSpec spec;
  @Mixin private ModelArgument model;
  @Mixin private AdapterArgument adapter;
  @Mixin private SamplingArguments arguments;

  @Option(names = "--dtype", description = "${COMPLETION-CANDIDATES}; default fp32.")
  private ModelArgument.Dtype dtype = ModelArgument.Dtype.FP32;

  private ChatCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    try (TextWriter writer =
        TextWriter.of(
            adapter.load(model.folder(), ModelArgument.type(dtype)), ModelArgument.type(dtype))) {
      SamplingConfig sampling = arguments.over(writer.model());
      BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      Dialogue dialogue = new Dialogue(writer.model().chatTemplates().find(false));
      err.println(
          dialogue.isKept()
              ? "Write a message. /help shows the commands."
              : "Write the beginning of a text. /help shows the commands.");
      for (String line = next(lines, err); line != null; line = next(lines, err)) {
        String[] words = line.strip().split("\\s+", 2);
        String value = words.length > 1 ? words[1] : "";
        switch (words[0]) {
          case "" -> {}
          case "/exit" -> {
            return 0;
          }
          case "/clear" -> dialogue.clear();
          case "/help" -> err.println(HELP);
          case "/seed", "/temperature" -> sampling = changed(sampling, words[0], value, err);
          default -> {
            if (words[0].startsWith("/")) {
              err.println(words[0] + " is no command. /help shows those there are.");
            } else {
              answer(line, dialogue, writer, sampling);
            }
          }
        }
      }
    }
    return 0;
  }

  private static String next(BufferedReader lines, PrintWriter err) throws IOException {
    err.print("> ");
    err.flush();
    return lines.readLine();
  }

  private static SamplingConfig changed(
      SamplingConfig sampling, String command, String value, PrintWriter err) {
    try {
      return command.equals("/seed")
          ? sampling.toBuilder().seed(Long.parseLong(value)).build()
          : sampling.toBuilder().temperature(Double.parseDouble(value)).build();
    } catch (NumberFormatException e) {
      err.println("%s needs a number but was \"%s\".".formatted(command, value));
    } catch (InvalidSamplingException e) {
      err.println(e.getMessage());
    }
    return sampling;
  }

  private void answer(String line, Dialogue dialogue, TextWriter writer, SamplingConfig sampling) {
    PrintWriter out = spec.commandLine().getOut();
    Answer answer = new Answer(out);
    try {
      writer.write(dialogue.ask(line, writer), sampling, answer);
    } catch (PromptTooLongException | TemplateException e) {
      dialogue.unanswered();
      spec.commandLine().getErr().println(e.getMessage());
      return;
    }
    dialogue.answered(answer.text.toString());
    out.println();
    out.flush();
  }

  /** Prints the first sample as it comes. */
  private static final class Answer implements GenerationListener {
    private final PrintWriter out;
    private final StringBuilder text = new StringBuilder();

    Answer(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void onText(int sample, String piece) {
      if (sample == 0) {
        text.append(piece);
        out.print(piece);
        out.flush();
      }
    }
  }
}
