package org.attune.server.builder;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attune.server.TestServer;
import org.attune.server.page.Browser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("browser")
final class BuildBrowserTest {

  private static final int NARROW = 375;
  private static final int HEIGHT = 800;
  private static final int MOST_STOPS = 60;

  @Test
  void a_file_becomes_a_published_dataset(@TempDir Path data) throws Exception {
    Path file =
        Files.writeString(data.resolve("news.csv"), "id,text,label\na,Prices rose,economy\n");
    try (TestServer server = TestServer.over(data.resolve("server"));
        Browser browser = new Browser();
        BrowserContext context = browser.signedIn(server, ColorScheme.LIGHT)) {
      Page page = context.newPage();
      page.navigate(server.address() + "/datasets/new");
      page.fill("[name=name]", "news");
      page.fill("[name=labels]", "economy\nsport");
      page.setInputFiles("[name=file]", file);
      assertThat(page.isVisible("[name=count]")).as("what only other templates ask").isFalse();
      keep(page, "new");
      press(page, "Go on");
      keep(page, "data");
      press(page, "Save and go on");
      page.fill("[name=title]", "How sure are you?");
      page.selectOption("[name=type]", "rating");
      page.waitForSelector("#typed .preview-question");
      keep(page, "questions");
      press(page, "Add the question");
      page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Go on")).click();
      keep(page, "people");
      press(page, "Save and go on");
      keep(page, "publish");
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Publish").setExact(true))
          .click();
      keep(page, "dataset");

      assertThat(page.textContent("main")).contains("Published").contains("0 of 1");
      assertThat(browser.errors()).isEmpty();
    }
  }

  @Test
  void a_dataset_is_built_by_keys_only_with_focus_always_in_sight(@TempDir Path data) {
    try (TestServer server = TestServer.over(data);
        Browser browser = new Browser();
        BrowserContext context = browser.signedIn(server, ColorScheme.DARK)) {
      Page page = context.newPage();
      page.navigate(server.address() + "/datasets/new");
      tabTo(page, "[name=name]");
      page.keyboard().type("by-keys");
      tabTo(page, "[name=template]");
      page.keyboard().press("ArrowDown");
      tabTo(page, "main form button.go");
      page.keyboard().press("Enter");
      page.waitForURL("**/build/questions");
      tabTo(page, "[name=title]");
      page.keyboard().type("Is it good?");
      tabTo(page, "[name=type]");
      page.keyboard().type("A rating");
      tabTo(page, "form.question button");
      page.keyboard().press("Enter");
      page.waitForSelector("text=Is it good?");
      tabTo(page, "main a.btn.go");
      page.keyboard().press("Enter");
      page.waitForURL("**/build/people");
      tabTo(page, "main button.go");
      page.keyboard().press("Enter");
      page.waitForURL("**/build/publish");
      tabTo(page, "main button.go");
      page.keyboard().press("Enter");
      page.waitForURL("**/settings?published");

      assertThat(page.textContent("main")).contains("Published").contains("Is it good?");
      assertThat(browser.errors()).isEmpty();
    }
  }

  /** Presses Tab until something has the focus; whatever has it on the way must show it. */
  private static void tabTo(Page page, String selector) {
    for (int pressed = 0; pressed < MOST_STOPS; pressed++) {
      page.keyboard().press("Tab");
      if (Boolean.FALSE.equals(page.evaluate("document.activeElement === document.body"))) {
        assertThat(page.evaluate("getComputedStyle(document.activeElement).boxShadow"))
            .as(String.valueOf(page.evaluate("document.activeElement.outerHTML")))
            .isNotEqualTo("none");
      }
      if (Boolean.TRUE.equals(
          page.evaluate("selector => document.activeElement.matches(selector)", selector))) {
        return;
      }
    }
    throw new AssertionError(selector + " is not reached by keys");
  }

  private static void press(Page page, String button) {
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button).setExact(true))
        .click();
  }

  /** Keeps pictures of both widths, and checks that the narrow one needs no scrolling sideways. */
  private static void keep(Page page, String name) {
    Browser.keep(page, "build-" + name);
    int width = page.viewportSize().width;
    page.setViewportSize(NARROW, HEIGHT);
    Browser.keep(page, "build-" + name + "-narrow");
    assertThat(page.evaluate("document.documentElement.scrollWidth"))
        .as("the width of " + name)
        .isEqualTo(NARROW);
    page.setViewportSize(width, HEIGHT);
  }
}
