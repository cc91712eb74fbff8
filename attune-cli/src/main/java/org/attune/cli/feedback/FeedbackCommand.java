package org.attune.cli.feedback;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code attune feedback}. */
@Command(
    name = "feedback",
    description = "Works with feedback datasets: what people said of records.",
    subcommands = {
      ImportCommand.class,
      ExportCommand.class,
      UnifyCommand.class,
      StatsCommand.class,
      SuggestCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  attune feedback import ratings.csv --to feedback --field text --rating mood=1..9",
      "  attune feedback stats feedback",
      "  attune feedback unify feedback --question mood --strategy mean --to unified.jsonl",
      "  attune feedback export feedback --to hub-folder",
      "  attune feedback suggest --dataset politeness --question preference --run runs/politeness"
    })
public final class FeedbackCommand implements Runnable {
  @Spec private CommandSpec spec;

  private FeedbackCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Do what with feedback? Name a command.");
  }
}
