package org.attune.feedback.client;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a server says when it refuses a request, in the forms that Argilla's servers use: a text, or
 * an object with the places of all errors.
 */
record Refusal(int status, String reason, OptionalInt item) {

  private static final Pattern POSITION = Pattern.compile("position (\\d{1,9})");

  static Refusal of(int status, @Nullable Object body) {
    Object detail = body instanceof Map<?, ?> map ? map.get("detail") : null;
    List<?> errors = errors(detail);
    if (!errors.isEmpty()) {
      String reason = errors.stream().map(Refusal::describe).collect(Collectors.joining("; "));
      return new Refusal(status, reason, item(errors));
    }
    String reason = detail instanceof String text ? text : message(detail);
    Matcher position = POSITION.matcher(reason);
    return new Refusal(
        status,
        reason,
        position.find()
            ? OptionalInt.of(Integer.parseInt(position.group(1)))
            : OptionalInt.empty());
  }

  private static List<?> errors(@Nullable Object detail) {
    return detail instanceof Map<?, ?> map
            && map.get("params") instanceof Map<?, ?> parameters
            && parameters.get("errors") instanceof List<?> errors
        ? errors
        : List.of();
  }

  private static String message(@Nullable Object detail) {
    if (!(detail instanceof Map<?, ?> map)) {
      return "it gave no reason";
    }
    Object parameters = map.get("params");
    Map<?, ?> holder = parameters instanceof Map<?, ?> known ? known : map;
    Object inner = holder.get("detail") == null ? holder.get("message") : holder.get("detail");
    return inner instanceof String text ? text : map.toString();
  }

  private static String describe(@Nullable Object error) {
    if (!(error instanceof Map<?, ?> map)) {
      return String.valueOf(error);
    }
    Object place = map.get("loc");
    return (place instanceof List<?> path
            ? path.stream().map(String::valueOf).collect(Collectors.joining("."))
            : String.valueOf(place))
        + ": "
        + map.get("msg");
  }

  /** The number in a place such as {@code ["body", "items", 3, "fields"]}. */
  private static OptionalInt item(List<?> errors) {
    for (Object error : errors) {
      if (error instanceof Map<?, ?> map && map.get("loc") instanceof List<?> path) {
        int index = path.indexOf("items") + 1;
        if (index > 0 && index < path.size() && path.get(index) instanceof Integer item) {
          return OptionalInt.of(item);
        }
      }
    }
    return OptionalInt.empty();
  }

  FeedbackClientException exception(String what, ClientSettings settings) {
    String message =
        switch (status) {
          case 401 ->
              "%s does not know the API key. Check it, and ARGILLA_API_KEY.".formatted(settings);
          case 403 ->
              "%s does not permit to %s: %s. An owner or admin may."
                  .formatted(settings, what, reason);
          case 404 ->
              "%s has nothing to %s: %s. Check names, ids and the address."
                  .formatted(settings, what, reason);
          default -> "%s refused to %s (%d): %s.".formatted(settings, what, status, reason);
        };
    return new FeedbackClientException(status, capitalized(message));
  }

  private static String capitalized(String message) {
    return message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1);
  }
}
