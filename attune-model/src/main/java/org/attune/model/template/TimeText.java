package org.attune.model.template;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** The date and time in the form that Python's {@code strftime} is given. */
final class TimeText {
  private TimeText() {}

  static String of(Clock clock, String form) {
    LocalDateTime now = LocalDateTime.now(clock);
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < form.length(); at++) {
      char c = form.charAt(at);
      if (c != '%') {
        text.append(c);
        continue;
      }
      boolean isUnpadded = form.startsWith("-", at + 1);
      at += isUnpadded ? 2 : 1;
      if (at >= form.length()) {
        throw new Failure("strftime_now: the form ends in the middle of a place.");
      }
      String part = part(now, form.charAt(at));
      text.append(
          isUnpadded && part.length() > 1 && part.startsWith("0")
              ? part.replaceFirst("^0+(?=.)", "")
              : part);
    }
    return text.toString();
  }

  private static String part(LocalDateTime now, char code) {
    return switch (code) {
      case 'Y' -> formatted("%d", now.getYear());
      case 'y' -> formatted("%02d", now.getYear() % 100);
      case 'm' -> formatted("%02d", now.getMonthValue());
      case 'd' -> formatted("%02d", now.getDayOfMonth());
      case 'e' -> formatted("%2d", now.getDayOfMonth());
      case 'H' -> formatted("%02d", now.getHour());
      case 'I' -> formatted("%02d", now.get(ChronoField.CLOCK_HOUR_OF_AMPM));
      case 'M' -> formatted("%02d", now.getMinute());
      case 'S' -> formatted("%02d", now.getSecond());
      case 'f' -> formatted("%06d", now.get(ChronoField.MICRO_OF_SECOND));
      case 'j' -> formatted("%03d", now.getDayOfYear());
      case 'p' -> now.getHour() < 12 ? "AM" : "PM";
      case 'B' -> now.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' ->
          now.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
      case 'A' -> now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'a' -> now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
      case 'w' -> formatted("%d", now.getDayOfWeek().getValue() % 7);
      case 'u' -> formatted("%d", now.getDayOfWeek().getValue());
      case 'F' -> now.format(DateTimeFormatter.ISO_LOCAL_DATE);
      case 'T' -> part(now, 'H') + ":" + part(now, 'M') + ":" + part(now, 'S');
      case 'D' -> part(now, 'm') + "/" + part(now, 'd') + "/" + part(now, 'y');
      case 'Z', 'z' -> "";
      case '%' -> "%";
      default -> throw Failure.of("strftime_now: the place %%%s is not supported.", code);
    };
  }

  private static String formatted(String form, int value) {
    return String.format(Locale.ROOT, form, value);
  }
}
