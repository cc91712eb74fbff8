package org.attune.server.page;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.server.TestServer;

/** The system's Chromium, and what went wrong on the pages that it showed. */
public final class Browser implements AutoCloseable {

  private static final Path SCREENS = Path.of("target", "screens");
  private static final int WIDTH = 1440;
  private static final int HEIGHT = 900;

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser chromium;
  private final List<String> errors = new ArrayList<>();

  public Browser() {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    chromium =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(executable())
                    .setArgs(isRoot() ? List.of("--no-sandbox") : List.of()));
  }

  private static Path executable() {
    return List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .stream()
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("There is no Chromium; `./dev setup` installs it."));
  }

  /** Chromium refuses to build its sandbox for root. */
  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  public BrowserContext context(ColorScheme theme) {
    BrowserContext context =
        chromium.newContext(
            new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(WIDTH, HEIGHT)
                .setColorScheme(theme)
                .setLocale("en-GB"));
    context.onWebError(error -> errors.add(error.error()));
    return context;
  }

  /** A context in which the owner of a server signed in. */
  public BrowserContext signedIn(TestServer server, ColorScheme theme) {
    BrowserContext context = context(theme);
    com.microsoft.playwright.Page page = context.newPage();
    page.navigate(server.address() + "/sign-in");
    page.fill("[name=username]", "owner");
    page.fill("[name=password]", "owner's password");
    page.keyboard().press("Enter");
    page.waitForURL(server.address() + "/");
    page.close();
    return context;
  }

  /** What scripts of the pages failed with. */
  public List<String> errors() {
    return List.copyOf(errors);
  }

  /** Keeps a picture of a page as output of the build. */
  public static void keep(com.microsoft.playwright.Page page, String name) {
    page.screenshot(new ScreenshotOptions().setPath(SCREENS.resolve(name + ".png")));
  }

  /** Keeps a picture of all of a page, however long it is. */
  public static void keepWhole(com.microsoft.playwright.Page page, String name) {
    page.screenshot(
        new ScreenshotOptions().setPath(SCREENS.resolve(name + ".png")).setFullPage(true));
  }

  /** What axe finds to keep somebody from using a page. */
  public static List<String> barriers(com.microsoft.playwright.Page page) {
    return new AxeBuilder(page)
            .withTags(
                List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
            .analyze()
            .getViolations()
            .stream()
            .map(
                rule ->
                    rule.getId() + " " + rule.getNodes().stream().map(Object::toString).toList())
            .toList();
  }

  @Override
  public void close() {
    chromium.close();
    playwright.close();
  }
}
