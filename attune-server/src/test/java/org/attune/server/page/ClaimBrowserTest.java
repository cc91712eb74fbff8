package org.attune.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attune.server.TestServer;
import org.attune.server.TestServer.Person;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two people before two browsers, and the time that one of them spends. */
@Tag("browser")
final class ClaimBrowserTest {

  private static final int RECORDS = 12;
  private static final String CLAIM_SECONDS = "attune.claim-seconds";
  private static final int LONGER_THAN_A_CLAIM = 10_000;

  private static Browser browser;

  private TestServer server;
  private AnnotatedDataset dataset;
  private Person other;
  private BrowserContext mine;
  private BrowserContext theirs;

  @BeforeAll
  static void open() {
    System.setProperty(CLAIM_SECONDS, "3");
    browser = new Browser();
  }

  @AfterAll
  static void close() {
    browser.close();
    System.clearProperty(CLAIM_SECONDS);
  }

  @BeforeEach
  void start(@TempDir Path data) {
    server = TestServer.over(data);
    dataset = new AnnotatedDataset(server);
    dataset.addRecords(RECORDS);
    other = server.person("owner", null);
    mine = browser.signedIn(server, ColorScheme.LIGHT);
    theirs = browser.context(ColorScheme.LIGHT);
    try (Page page = theirs.newPage()) {
      page.navigate(server.address() + "/sign-in");
      page.fill("[name=username]", other.username());
      page.fill("[name=password]", "a long password");
      page.keyboard().press("Enter");
      page.waitForURL(server.address() + "/");
    }
    rules(Map.of("max_submitted", 1));
  }

  @AfterEach
  void stop() {
    mine.close();
    theirs.close();
    server.close();
    assertThat(browser.errors()).isEmpty();
  }

  private void rules(Map<String, Object> rules) {
    String path = dataset.path().replace("/api/v1/", "/api/attune/") + "/assignment";
    assertThat(server.owner().patch(path, rules).status()).isEqualTo(200);
  }

  private Page annotate(BrowserContext context) {
    Page page = context.newPage();
    page.navigate(server.address() + dataset.page());
    page.waitForSelector(".form");
    page.waitForResponse("**/claims", () -> page.reload());
    page.waitForSelector(".form");
    return page;
  }

  private static void shows(Page page, String record) {
    assertThat(page.locator(".meta .tag >> nth=0")).hasText(record);
  }

  private static void submit(Page page) {
    for (String key : List.of("1", "2", "3", "ArrowDown", "5", "Enter")) {
      page.keyboard().press(key);
    }
  }

  @Test
  void are_given_different_records_and_pass_over_those_of_the_other() {
    Page first = annotate(mine);
    Page second = annotate(theirs);

    shows(first, "record-0");
    shows(second, "record-2");
    submit(first);
    shows(first, "record-1");
    submit(first);
    shows(first, "record-4");
    submit(second);
    shows(second, "record-3");
    assertThat(dataset.status("record-1")).isEqualTo("submitted");
  }

  @Test
  void leave_their_records_to_others_when_they_close_the_page() {
    Page first = annotate(mine);
    first.navigate(server.address() + "/");

    shows(annotate(theirs), "record-0");
  }

  @Test
  void lose_their_records_when_their_browser_is_killed() {
    annotate(mine);
    mine.setOffline(true);
    mine.close();
    Page second = annotate(theirs);
    shows(second, "record-2");

    second.waitForTimeout(LONGER_THAN_A_CLAIM);
    second.navigate(server.address() + dataset.page());

    shows(second, "record-0");
  }

  @Test
  void keep_their_records_as_long_as_they_stay() {
    Page first = annotate(mine);
    first.waitForTimeout(LONGER_THAN_A_CLAIM);

    shows(annotate(theirs), "record-2");
  }

  @Test
  void are_told_when_a_record_they_were_sent_to_is_taken() {
    Page first = annotate(mine);
    String address = first.url();
    Page second = theirs.newPage();
    second.navigate(address);

    assertThat(second.locator(".standing")).containsText("Others have this record open");
  }

  @Test
  void are_told_when_they_reach_their_quota() {
    rules(Map.of("quota", 1));
    Page first = annotate(mine);
    submit(first);

    assertThat(first.locator(".end h2")).hasText("You have reached your quota");
  }

  @Test
  void are_timed_while_they_work_and_not_while_they_are_away() {
    Page first = mine.newPage();
    first.clock().install();
    first.navigate(server.address() + dataset.page());
    first.waitForSelector(".form");
    first.mouse().move(10, 10);

    first.clock().fastForward(20_000); // reading
    first.mouse().move(20, 20);
    first.clock().fastForward(600_000); // a silence, of which 30 seconds count
    first.mouse().move(30, 30);
    hide(first, true);
    first.clock().fastForward(600_000); // another tab
    hide(first, false);
    submit(first);
    shows(first, "record-1");
    first.waitForCondition(() -> dataset.status("record-0").equals("submitted"));

    Page settings = mine.newPage();
    settings.navigate(server.address() + dataset.page().replace("annotation-mode", "settings"));
    double seconds =
        Double.parseDouble(settings.textContent("table td.num >> nth=-1").replaceFirst(" .*", ""));
    assertThat(seconds).isBetween(50.0, 80.0);
  }

  private static void hide(Page page, boolean hidden) {
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
            + " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden);
  }
}
