package org.attune.feedback.client;

/** A server that refused a request, answered nonsense, or could not be reached. */
public final class FeedbackClientException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;

  FeedbackClientException(int status, String message) {
    super(message);
    this.status = status;
  }

  FeedbackClientException(String message, Throwable cause) {
    super(message, cause);
    this.status = 0;
  }

  /** The status of the answer, such as 404; 0 if there was no answer. */
  public int status() {
    return status;
  }
}
