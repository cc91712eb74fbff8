package org.attune.cli.feedback;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.attune.cli.feedback.ExportCommand.Task;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A task as commands spell it, such as {@code prompt-completion}. */
final class TaskName implements ITypeConverter<Task> {
  @Override
  public Task convert(String name) {
    return Arrays.stream(Task.values())
        .filter(task -> spelling(task).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "\"%s\" is none. Use one of %s."
                        .formatted(
                            name,
                            Arrays.stream(Task.values())
                                .map(TaskName::spelling)
                                .collect(Collectors.joining(", ")))));
  }

  private static String spelling(Task task) {
    return task.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
