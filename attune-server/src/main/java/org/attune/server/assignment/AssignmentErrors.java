package org.attune.server.assignment;

import org.attune.server.problem.RequestException;
import org.attune.server.problem.SchemaException;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Tells failures of these routes as RFC 9457 has them. */
@RestControllerAdvice(basePackageClasses = AssignmentErrors.class)
final class AssignmentErrors {

  @ExceptionHandler
  ProblemDetail refused(RequestException e) {
    return ProblemDetail.forStatusAndDetail(
        HttpStatusCode.valueOf(e.reason().status()), String.valueOf(e.getMessage()));
  }

  @ExceptionHandler
  ProblemDetail malformed(SchemaException e) {
    return ProblemDetail.forStatusAndDetail(
        HttpStatus.UNPROCESSABLE_CONTENT, String.valueOf(e.getMessage()));
  }
}
