package org.attune.server.screens;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.SoftAssertions;
import org.attune.server.TestServer;
import org.attune.server.page.Browser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every page can be used by anybody: narrow or wide, light or dark, by eye or by ear. */
@Tag("browser")
final class ScreensBrowserTest {

  private static final int NARROW = 375;
  private static final int WIDE = 1280;
  private static final List<Integer> WIDTHS = List.of(NARROW, 768, WIDE);
  private static final int HEIGHT = 800;

  /** High enough that nothing lies beneath a bar that stays in place, where axe cannot see it. */
  private static final int TALL = 4000;

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void every_page_fits_and_has_no_barrier(ColorScheme theme, @TempDir Path data) throws Exception {
    SoftAssertions softly = new SoftAssertions();
    try (TestServer server = TestServer.over(data);
        Browser browser = new Browser();
        BrowserContext owner = browser.signedIn(server, theme);
        BrowserContext stranger = browser.context(theme)) {
      Showcase showcase = new Showcase(server);
      Page signedIn = owner.newPage();
      Page signedOut = stranger.newPage();
      for (Screen screen : Screen.values()) {
        Page page = screen == Screen.SIGN_IN ? signedOut : signedIn;
        page.navigate(showcase.address(screen.address()));
        page.waitForSelector(screen.ready());
        if (theme == ColorScheme.LIGHT) {
          page.setViewportSize(WIDE, HEIGHT);
          SmallPicture.write(
              page.screenshot(), Screen.PICTURES_MADE.resolve(screen.key() + ".png"));
        }
        for (int width : WIDTHS) {
          page.setViewportSize(width, HEIGHT);
          Browser.keepWhole(
              page, screen.key() + "-" + theme.name().toLowerCase(Locale.ROOT) + "-" + width);
          softly
              .assertThat(page.evaluate("document.documentElement.scrollWidth"))
              .as("the width of %s", screen)
              .isEqualTo(width);
          if (width == WIDE || (width == NARROW && theme == ColorScheme.LIGHT)) {
            page.setViewportSize(width, TALL);
            softly.assertThat(Browser.barriers(page)).as("%s at %d", screen, width).isEmpty();
          }
        }
      }
      softly.assertThat(browser.errors()).isEmpty();
    }
    softly.assertAll();
  }
}
