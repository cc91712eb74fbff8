package org.attune.run.yaml;

import java.util.regex.Pattern;

/** How texts are written so that every YAML reader takes them for the same text. */
final class YamlText {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_./][A-Za-z0-9_./-]*");
  private static final Pattern SPECIAL =
      Pattern.compile("(?i)null|true|false|yes|no|on|off|y|n|\\.+|\\.inf|\\.nan");

  private YamlText() {}

  /** {@code text} without quotes where nobody could misread it, else {@link #quoted}. */
  static String text(String text) {
    boolean isPlain = PLAIN.matcher(text).matches() && !SPECIAL.matcher(text).matches();
    return isPlain ? text : quoted(text);
  }

  static String quoted(String text) {
    var out = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                  if (isPrintable(c)) {
                    out.appendCodePoint(c);
                  } else {
                    out.append(String.format("\\U%08x", c));
                  }
                }
              }
            });
    return out.append('"').toString();
  }

  /**
   * Excludes line and paragraph separators and the byte order mark, which YAML takes for breaks.
   */
  private static boolean isPrintable(int c) {
    return (c >= 0x20 && c <= 0x7e)
        || (c >= 0xa0 && c <= 0xd7ff && c != 0x2028 && c != 0x2029)
        || (c >= 0xe000 && c <= 0xfffd && c != 0xfeff)
        || c >= 0x10000;
  }
}
