package org.attune.cli.terminal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.stream.Stream;
import org.attune.data.DatasetFormatException;
import org.attune.data.InvalidInputException;
import org.attune.data.hub.HubException;
import org.attune.feedback.client.FeedbackClientException;
import org.attune.feedback.hub.HubFormatException;
import org.attune.feedback.store.FeedbackStoreException;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.model.checkpoint.CheckpointException;
import org.attune.model.export.UnfaithfulExportException;
import org.attune.model.generate.InvalidSamplingException;
import org.attune.model.generate.NonFiniteLogitsException;
import org.attune.model.generate.PromptTooLongException;
import org.attune.model.pipeline.UnreadableTextException;
import org.attune.model.template.TemplateException;
import org.attune.run.InvalidConfigurationException;
import org.attune.run.folder.RunFolderException;
import org.attune.server.ServerStartException;
import org.attune.server.backup.BackupException;
import org.attune.server.storage.StorageException;
import org.attune.tensor.TensorException;
import org.attune.train.TrainingDivergedException;
import org.jspecify.annotations.Nullable;

/** What the program's exit codes mean, and which failure gives which. */
public enum ExitCode {
  DONE(0),
  UNEXPECTED(1),
  USAGE(2),
  DATA(3),
  MODEL(4),
  DIVERGED(5),
  RESOURCES(6),
  HUB(7),
  INTERRUPTED(130);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The code for a failure, by its type; a full disk or memory comes before what met it. */
  static ExitCode of(Throwable failure) {
    if (isOutOfRoom(failure)) {
      return RESOURCES;
    }
    if (failure instanceof InvalidConfigurationException
        || failure instanceof InvalidSamplingException
        || failure instanceof PromptTooLongException
        || failure instanceof UnreadableTextException
        || failure instanceof InvalidInputException
        || failure instanceof ServerStartException) {
      return USAGE;
    }
    if (failure instanceof DatasetFormatException
        || failure instanceof InvalidFeedbackException
        || failure instanceof HubFormatException
        || failure instanceof BackupException) {
      return DATA;
    }
    if (failure instanceof HubException || failure instanceof FeedbackClientException) {
      return HUB;
    }
    if (failure instanceof CheckpointException
        || failure instanceof TemplateException
        || failure instanceof UnfaithfulExportException) {
      return MODEL;
    }
    if (failure instanceof TrainingDivergedException
        || failure instanceof NonFiniteLogitsException) {
      return DIVERGED;
    }
    if (failure instanceof RunFolderException || failure instanceof FeedbackStoreException) {
      return failure.getCause() instanceof IOException ? RESOURCES : USAGE;
    }
    if (failure instanceof UncheckedIOException || failure instanceof StorageException) {
      return RESOURCES;
    }
    return UNEXPECTED;
  }

  private static boolean isOutOfRoom(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .anyMatch(
            cause ->
                cause instanceof OutOfMemoryError
                    || ((cause instanceof IOException || cause instanceof TensorException)
                        && saysFull(cause.getMessage())));
  }

  /** The system's words; Java has no types for them. */
  private static boolean saysFull(@Nullable String message) {
    String words = String.valueOf(message).toLowerCase(Locale.ROOT);
    return Stream.of(
            "no space left",
            "file too large",
            "quota exceeded",
            "not enough space",
            "not enough memory",
            "can't allocate memory")
        .anyMatch(words::contains);
  }
}
