package org.attune.server.page;

import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.problem.RequestException;
import org.jspecify.annotations.Nullable;

/** What a form is told when its change breaks a rule or is in the way of something. */
public final class Refusal {

  private Refusal() {}

  /**
   * Makes a change.
   *
   * @return why it was refused, for the page that shows the form again; null if it was made
   * @throws RequestException if the reason is none that another form could mend
   */
  public static @Nullable String of(Runnable change) {
    try {
      change.run();
      return null;
    } catch (InvalidFeedbackException e) {
      return e.getMessage();
    } catch (RequestException e) {
      if (e.reason() != RequestException.Reason.CONFLICT
          && e.reason() != RequestException.Reason.UNPROCESSABLE) {
        throw e;
      }
      return e.getMessage();
    }
  }
}
