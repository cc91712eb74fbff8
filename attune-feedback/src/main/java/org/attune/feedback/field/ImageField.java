package org.attune.feedback.field;

import java.util.regex.Pattern;
import org.attune.feedback.validation.Names;
import org.attune.feedback.validation.Problems;

/** An image; the value is its address, or a {@code data:} URL that holds it. */
public record ImageField(String name, String title, boolean required) implements Field {

  private static final Pattern ADDRESS = Pattern.compile("(?i)https?://[^\\s/]\\S*");
  private static final Pattern DATA = Pattern.compile("(?is)data:image/[a-z0-9.+-]+(;[^,]*)?,.+");
  private static final int LONGEST_ADDRESS = 2_038;
  private static final int LONGEST_DATA = 5_000_000;

  public ImageField {
    Problems problems = Problems.none();
    Names.check(name, title, problems);
    problems.throwIfAny("the field \"" + name + "\"");
  }

  /** A required image, its title the capitalised name. */
  public static ImageField of(String name) {
    return new ImageField(name, Names.titleOf(name), true);
  }

  /** The same field, which records may leave out. */
  public ImageField optional() {
    return new ImageField(name, title, false);
  }

  @Override
  public String type() {
    return "image";
  }

  @Override
  public void check(Object value, Problems problems) {
    boolean valid =
        value instanceof String url
            && (url.regionMatches(true, 0, "data:", 0, 5)
                ? url.length() <= LONGEST_DATA && DATA.matcher(url).matches()
                : url.length() <= LONGEST_ADDRESS && ADDRESS.matcher(url).matches());
    if (!valid) {
      problems.add(
          name,
          "must be an http or https address of at most 2038 characters, or a data:image/ URL of at"
              + " most 5000000",
          value,
          "Put larger images where a browser can load them, and send the address.");
    }
  }
}
