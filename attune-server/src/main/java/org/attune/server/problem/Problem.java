package org.attune.server.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Why a request to one of our own routes failed, in the form of <a
 * href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>.
 *
 * @param type the address of a page that explains the kind of problem, or {@code about:blank} where
 *     the status says it all
 * @param title the kind of problem; the same each time
 * @param detail what went wrong this time, and the way out
 * @param instance the path that was asked for
 * @param errors every fault of the input, if that was the problem
 */
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    List<InputError> errors) {

  public static final String MEDIA_TYPE = "application/problem+json";

  /** The folder of the pages that explain the types. */
  public static final String PAGES = "/problems/";

  /** The kind of a request that does not have the form its route asks for. */
  public static final String MALFORMED = "malformed";

  private static final int UNPROCESSABLE = RequestException.Reason.UNPROCESSABLE.status();

  public Problem {
    errors = List.copyOf(errors);
  }

  /**
   * A fault of the input.
   *
   * @param member {@code pointer} for a place in the body, {@code parameter} for one of the
   *     address, {@code name} for a question, field or key
   * @param place the place: a JSON pointer as a fragment, or a name
   */
  public record InputError(String member, String place, String detail) {
    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put(member, place);
      json.put("detail", detail);
      return json;
    }
  }

  static Problem of(RequestException e, String instance) {
    return of(e.reason(), String.valueOf(e.getMessage()), instance);
  }

  public static Problem of(RequestException.Reason reason, String detail, String instance) {
    return new Problem(
        PAGES + reason.key(), reason.title(), reason.status(), detail, instance, List.of());
  }

  /** A problem of which the status says all, or all but a detail. */
  public static Problem of(HttpStatus status, @Nullable String detail, String instance) {
    return new Problem(
        "about:blank",
        status.getReasonPhrase(),
        status.value(),
        detail == null ? status.getReasonPhrase() : detail,
        instance,
        List.of());
  }

  static Problem of(SchemaException e, String instance) {
    return malformed(
        UNPROCESSABLE,
        "Correct what errors lists, and send it again.",
        instance,
        e.faults().stream().map(Problem::error).toList());
  }

  static Problem of(InvalidFeedbackException e, String instance) {
    RequestException.Reason reason = RequestException.Reason.UNPROCESSABLE;
    return new Problem(
        PAGES + reason.key(),
        reason.title(),
        reason.status(),
        "Correct what errors lists, and send it again.",
        instance,
        e.problems().stream()
            .map(problem -> new InputError("name", problem.name(), problem.toString()))
            .toList());
  }

  static Problem malformed(int status, String detail, String instance, List<InputError> errors) {
    return new Problem(
        PAGES + MALFORMED, "The request is malformed", status, detail, instance, errors);
  }

  /** The fault as a place in the body or a parameter of the address. */
  private static InputError error(SchemaException.Fault fault) {
    List<Object> place = fault.location().subList(1, fault.location().size());
    if (!fault.location().get(0).equals("body")) {
      return new InputError(
          "parameter",
          place.stream().map(String::valueOf).collect(Collectors.joining(".")),
          fault.message());
    }
    String pointer =
        place.stream()
            .map(part -> "/" + String.valueOf(part).replace("~", "~0").replace("/", "~1"))
            .collect(Collectors.joining());
    return new InputError("pointer", "#" + pointer, fault.message());
  }

  /** The body that tells it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", type);
    json.put("title", title);
    json.put("status", status);
    json.put("detail", detail);
    json.put("instance", instance);
    if (!errors.isEmpty()) {
      json.put("errors", errors.stream().map(InputError::json).toList());
    }
    return json;
  }
}
