package org.attune.server.storage;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;

/** The database, or what is kept beside it, cannot be used; the message says what to do. */
public final class StorageException extends RuntimeException implements ErrorResponse {

  private static final long serialVersionUID = 1L;

  private final StorageFault fault;

  public StorageException(String message, @Nullable Throwable cause) {
    this(StorageFault.UNWRITABLE, message, cause);
  }

  public StorageException(StorageFault fault, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  public StorageFault fault() {
    return fault;
  }

  @Override
  public HttpStatusCode getStatusCode() {
    return HttpStatusCode.valueOf(fault.status());
  }

  @Override
  public ProblemDetail getBody() {
    return ProblemDetail.forStatusAndDetail(getStatusCode(), getMessage());
  }

  @Override
  public HttpHeaders getHeaders() {
    HttpHeaders headers = new HttpHeaders();
    if (fault.retryAfterSeconds() > 0) {
      headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(fault.retryAfterSeconds()));
    }
    return headers;
  }
}
