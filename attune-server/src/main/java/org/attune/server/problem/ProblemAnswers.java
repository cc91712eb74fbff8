package org.attune.server.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.server.storage.StorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers every failure under {@code /api/attune/} with a {@link Problem}, whichever route it comes
 * from, and also where there is none. A person who follows a link there, such as that of a
 * download, is shown a page instead.
 */
@Component
final class ProblemAnswers implements HandlerExceptionResolver, Ordered {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemAnswers.class);

  private final JsonMapper json;

  ProblemAnswers(JsonMapper json) {
    this.json = json;
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    if (!OwnRoutes.contain(request.getRequestURI())
        || response.isCommitted()
        || (isLink(handler) && wantsPage(request))) {
      return null;
    }
    Problem problem = problem(failure, request.getRequestURI());
    response.resetBuffer();
    response.setHeader(HttpHeaders.CONTENT_DISPOSITION, null);
    if (failure instanceof ErrorResponse known) {
      known.getHeaders().forEach((name, values) -> response.setHeader(name, values.get(0)));
    }
    if (failure instanceof StorageException e && e.fault().retryAfterSeconds() > 0) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Integer.toString(e.fault().retryAfterSeconds()));
    }
    response.setStatus(problem.status());
    response.setContentType(Problem.MEDIA_TYPE);
    try {
      response
          .getOutputStream()
          .write(json.writeValueAsString(problem.json()).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.debug("Whoever asked is gone.", e);
    }
    return new ModelAndView();
  }

  private static boolean isLink(@Nullable Object handler) {
    return handler instanceof HandlerMethod method
        && !AnnotatedElementUtils.hasAnnotation(method.getBeanType(), RestController.class);
  }

  private static boolean wantsPage(HttpServletRequest request) {
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    return accept != null && accept.contains(MediaType.TEXT_HTML_VALUE);
  }

  private static Problem problem(Exception failure, String path) {
    if (failure instanceof RequestException e) {
      return Problem.of(e, path);
    }
    if (failure instanceof SchemaException e) {
      return Problem.of(e, path);
    }
    if (failure instanceof InvalidFeedbackException e) {
      return Problem.of(e, path);
    }
    if (failure instanceof HttpMessageNotReadableException e) {
      return Problem.malformed(
          HttpStatus.BAD_REQUEST.value(), UnreadableBody.of(e).message(), path, List.of());
    }
    if (failure instanceof MissingServletRequestParameterException e) {
      return parameter(e.getParameterName(), "must be there", path);
    }
    if (failure instanceof MethodArgumentTypeMismatchException e) {
      return parameter(e.getName(), "cannot be read: " + e.getValue(), path);
    }
    if (failure instanceof ErrorResponse known) {
      return Problem.of(
          HttpStatus.valueOf(known.getStatusCode().value()), known.getBody().getDetail(), path);
    }
    if (MalformedRequest.causes(failure)) {
      return Problem.of(HttpStatus.BAD_REQUEST, MalformedRequest.TEXT, path);
    }
    if (failure instanceof StorageException e) {
      return Problem.of(HttpStatus.valueOf(e.fault().status()), e.getMessage(), path);
    }
    LOG.error("A request failed unexpectedly.", failure);
    return Problem.of(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "The server failed and wrote down why. Try again; if it stays, tell whoever runs it.",
        path);
  }

  private static Problem parameter(String name, String detail, String path) {
    return Problem.malformed(
        RequestException.Reason.UNPROCESSABLE.status(),
        "Correct what errors lists, and send it again.",
        path,
        List.of(new Problem.InputError("parameter", name, detail)));
  }
}
