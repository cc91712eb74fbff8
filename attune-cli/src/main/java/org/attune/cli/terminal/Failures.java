package org.attune.cli.terminal;

import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what failed, without the stack unless it is asked for, and gives the exit code. */
public final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final BooleanSupplier debug;

  public Failures(BooleanSupplier debug) {
    this.debug = debug;
  }

  /** Runs the command; what is no {@link Exception}, as memory that ran out, is shown as well. */
  public int run(ParseResult command) {
    try {
      return new CommandLine.RunLast().execute(command);
    } catch (OutOfMemoryError | LinkageError e) {
      return show(e, command.commandSpec().commandLine());
    }
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, ParseResult arguments) {
    return show(failure, command);
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("attune: " + failure.getMessage());
    UnmatchedArgumentException.printSuggestions(failure, err);
    if (command.getSubcommands().isEmpty()) {
      err.println("Try " + command.getCommandSpec().qualifiedName() + " --help.");
    } else {
      command.usage(err);
    }
    err.flush();
    return ExitCode.USAGE.code();
  }

  private int show(Throwable failure, CommandLine command) {
    ExitCode code = ExitCode.of(failure);
    PrintWriter err = command.getErr();
    err.println("attune: " + words(failure, code));
    if (debug.getAsBoolean()) {
      failure.printStackTrace(err);
    }
    err.flush();
    return code.code();
  }

  private static String words(Throwable failure, ExitCode code) {
    if (failure instanceof OutOfMemoryError) {
      return "Java has not enough memory (%s). Lower training.batch-size, or give it more by ATTUNE_JAVA_OPTS=-Xmx4g."
          .formatted(failure.getMessage());
    }
    if (code == ExitCode.UNEXPECTED) {
      return "unexpected %s. This is a fault in Attune: report it with what --debug shows."
          .formatted(failure);
    }
    String message = failure.getMessage();
    Throwable cause = failure.getCause();
    if (message == null && cause != null) {
      return words(cause, code);
    }
    return message == null ? failure.toString() : message;
  }
}
