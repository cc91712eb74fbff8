package org.attune.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.attune.server.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("browser")
final class AnnotateBrowserTest {

  private static final int RECORDS = 12;
  private static final List<Integer> WIDTHS = List.of(375, 1000, 1440);
  private static final int HEIGHT = 900;

  /** High enough that nothing lies beneath the bar of buttons, where axe cannot see it whole. */
  private static final int TALL = 4000;

  private static final int PATIENCE = 8_000;

  private static Browser browser;

  private TestServer server;
  private AnnotatedDataset dataset;
  private BrowserContext context;
  private Page page;

  @BeforeAll
  static void open() {
    browser = new Browser();
  }

  @AfterAll
  static void close() {
    browser.close();
  }

  @BeforeEach
  void start(@TempDir Path data) {
    server = TestServer.over(data);
    dataset = new AnnotatedDataset(server);
    dataset.addRecords(RECORDS);
    context = browser.signedIn(server, ColorScheme.LIGHT);
    page = annotate(context);
  }

  @AfterEach
  void stop() {
    context.close();
    server.close();
    assertThat(browser.errors()).isEmpty();
  }

  private Page annotate(BrowserContext context) {
    Page opened = context.newPage();
    opened.navigate(server.address() + dataset.page());
    opened.waitForSelector(".form");
    return opened;
  }

  private void press(String... keys) {
    for (String key : keys) {
      page.keyboard().press(key);
    }
  }

  private static void answerRequired(Page page) {
    for (String key : List.of("1", "2", "3", "ArrowDown", "5")) {
      page.keyboard().press(key);
    }
  }

  private void waitUntil(BooleanSupplier condition) {
    page.waitForCondition(condition, new Page.WaitForConditionOptions().setTimeout(PATIENCE));
  }

  private void waitForStatus(String record, String status) {
    waitUntil(() -> dataset.status(record).equals(status));
  }

  private String shownRecord() {
    return page.textContent(".meta .tag >> nth=0");
  }

  @Test
  void every_kind_of_question_is_answered_by_keys_only() {
    press("2", "1", "2", "ArrowDown", "5", "ArrowDown", "1", "ArrowDown", "1", "3", "ArrowDown");
    press("e", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "2", "Escape");
    press("ArrowDown", "e");
    page.keyboard().type("Say less 😀.");
    press("Escape", "Enter");
    waitForStatus("record-0", "submitted");

    assertThat(dataset.answers("record-0"))
        .containsEntry(
            "order",
            List.of(
                Map.of("value", "b", "rank", 1),
                Map.of("value", "a", "rank", 2),
                Map.of("value", "c", "rank", 2)))
        .containsEntry("rating", 5)
        .containsEntry("label", "yes")
        .containsEntry("labels", List.of("vague", "wrong"))
        .containsEntry("better", "Say less 😀.")
        .containsKey("names");
    assertThat(shownRecord()).isEqualTo("record-1");
  }

  @Test
  void every_kind_of_question_is_answered_by_mouse() {
    drag(page.locator(".rank li").nth(2), page.locator(".rank li").nth(0));
    page.click(".scale button >> text=4");
    page.click(".pill:text-is('no'), .pill:has(span:text-is('no'))");
    page.click(".pill:has-text('more')");
    page.click(".pill:has(span:text-is('biased'))");
    page.click(".pill:has(span:text-is('DATE'))");
    select("August", "2000");
    page.fill("aside textarea", "Better");
    page.click("[data-action=submit]");
    waitForStatus("record-0", "submitted");

    Map<String, ?> answers = dataset.answers("record-0");
    assertThat((List<?>) answers.get("order")).first().isEqualTo(Map.of("value", "c", "rank", 1));
    assertThat(answers.get("rating")).isEqualTo(4);
    assertThat(answers.get("label")).isEqualTo("no");
    assertThat(answers.get("labels")).isEqualTo(List.of("biased"));
    assertThat(answers.get("better")).isEqualTo("Better");
    assertThat((List<?>) answers.get("names")).hasSize(1);
  }

  private void drag(Locator from, Locator to) {
    BoundingBox start = Objects.requireNonNull(from.boundingBox());
    BoundingBox end = Objects.requireNonNull(to.boundingBox());
    page.mouse().move(start.x + start.width / 2, start.y + start.height / 2);
    page.mouse().down();
    page.mouse().move(end.x + end.width / 2, end.y + end.height / 2);
    page.mouse().move(end.x + end.width / 2, end.y + 2);
    page.mouse().up();
  }

  /** Drags over the text from within one word into another, as a hurried hand does. */
  private void select(String from, String to) {
    @SuppressWarnings("unchecked")
    List<Number> box =
        (List<Number>)
            page.evaluate(
                "([from, to]) => { const range = document.createRange();"
                    + " const node = document.createTreeWalker("
                    + "document.querySelector('.marked'), NodeFilter.SHOW_TEXT).nextNode();"
                    + " range.setStart(node, node.data.indexOf(from) + 1);"
                    + " range.setEnd(node, node.data.indexOf(to) + to.length - 1);"
                    + " const box = range.getBoundingClientRect();"
                    + " return [box.left, box.top + box.height / 2, box.right]; }",
                List.of(from, to));
    page.mouse().move(box.get(0).doubleValue(), box.get(1).doubleValue());
    page.mouse().down();
    page.mouse().move(box.get(2).doubleValue(), box.get(1).doubleValue());
    page.mouse().up();
  }

  @Test
  void spans_snap_to_words_and_count_code_points() {
    select("Perth", "31");
    waitForStatus("record-0", "draft");

    int start = codePoints("Perth");
    int end = codePoints("31") + 2;
    assertThat(dataset.answers("record-0").get("names"))
        .isEqualTo(List.of(Map.of("label", "PERSON", "start", start, "end", end)));
    assertThat(page.locator(".span-words")).hasText("Perth 🛩️ on 31");
  }

  private static int codePoints(String word) {
    String text = AnnotatedDataset.EMOJI_TEXT;
    return text.codePointCount(0, text.indexOf(word));
  }

  @Test
  void a_suggestion_is_shown_as_the_machines_and_accepted_by_a_key() {
    assertThat(page.locator(".q >> nth=1 >> .from")).containsText("reward model 0.83");
    press("ArrowDown", "a");
    waitForStatus("record-0", "draft");

    assertThat(dataset.answers("record-0")).containsEntry("rating", 6);
  }

  @Test
  void submit_waits_for_the_required_questions() {
    press("Enter");

    assertThat(page.locator(".q.open")).hasCount(2);
    assertThat(dataset.status("record-0")).isEqualTo("pending");
  }

  @Test
  void submitting_and_discarding_can_be_undone() {
    answerRequired(page);
    press("Enter");
    waitForStatus("record-0", "submitted");
    press("z");
    waitForStatus("record-0", "draft");
    assertThat(shownRecord()).isEqualTo("record-0");

    press("ArrowRight", "Backspace");
    waitForStatus("record-1", "discarded");
    press("z");
    waitForStatus("record-1", "pending");
  }

  @Test
  void without_a_connection_answers_are_kept_and_sent_when_it_is_back() {
    context.setOffline(true);
    answerRequired(page);
    press("Enter");
    answerRequired(page);
    press("Enter");
    assertThat(page.locator(".offline")).containsText("2 answers are kept in this browser");
    Browser.keep(page, "annotate-offline");
    assertThat(dataset.status("record-0")).isEqualTo("pending");

    context.setOffline(false);
    waitForStatus("record-0", "submitted");
    waitForStatus("record-1", "submitted");
    assertThat(page.locator(".offline")).hasCount(0);
  }

  @Test
  void answers_wait_for_whoever_was_signed_out() {
    page.request().post(server.address() + "/sign-out");
    answerRequired(page);
    press("Enter");
    assertThat(page.locator(".offline")).containsText("You are signed out");
    page.click(".offline a");
    page.fill("[name=username]", "owner");
    page.fill("[name=password]", "owner's password");
    press("Enter");
    waitForStatus("record-0", "submitted");

    assertThat(page).hasURL(Pattern.compile("annotation-mode"));
  }

  @Test
  void a_closed_tab_loses_nothing() {
    context.setOffline(true);
    answerRequired(page);
    page.close();
    context.setOffline(false);
    page = annotate(context);
    waitForStatus("record-0", "draft");

    assertThat(dataset.answers("record-0")).containsEntry("rating", 5);
  }

  @Test
  void an_answer_of_another_tab_is_taken_over() {
    Page other = annotate(context);
    answerRequired(page);
    waitForStatus("record-0", "draft");

    assertThat(other.locator(".scale [aria-pressed=true]")).hasText("5");
  }

  @Test
  void an_answer_from_elsewhere_is_not_overwritten_but_shown_beside() {
    dataset.answerElsewhere("record-0", 2);
    answerRequired(page);

    assertThat(page.locator(".conflict")).containsText("Two answers to this record");
    Browser.keep(page, "annotate-conflict");
    assertThat(dataset.answers("record-0")).containsEntry("rating", 2);
    page.click(".conflict .btn.go");
    waitUntil(() -> Integer.valueOf(5).equals(dataset.answers("record-0").get("rating")));
    assertThat(page.locator(".conflict")).hasCount(0);
  }

  @Test
  void what_a_record_brings_along_cannot_act_on_the_page() {
    dataset.addRecord(
        "hostile",
        Map.of(
            "text",
            "<img src=x onerror=window.hacked=1>",
            "answer",
            AnnotatedDataset.HOSTILE,
            "talk",
            List.of(Map.of("role", "user", "content", AnnotatedDataset.HOSTILE)),
            "picture",
            "data:image/svg+xml,<svg onload=\"window.hacked=1\"/>",
            "card",
            Map.of(
                "title",
                "<img src=x onerror=\"parent.hacked=1\"><script>parent.hacked=1</script>")));
    page.fill(".find input", "bold");
    press("Enter");
    assertThat(page.locator(".meta .tag >> nth=0")).hasText("hostile");
    page.waitForSelector("iframe.custom");
    page.frameLocator("iframe.custom").locator("b").waitFor();

    assertThat(page.locator("attune-markdown strong >> nth=0")).hasText("bold");
    assertThat(page.evaluate("window.hacked ?? null")).isNull();
    assertThat(page.locator(".record :is(script, [onerror], a[href^=javascript])")).hasCount(0);
    assertThat(page.frameLocator("iframe.custom").locator("script, img")).hasCount(0);
    Browser.keep(page, "annotate-hostile");
  }

  @Test
  void keys_are_listed_and_can_be_bound_anew() {
    press("?");
    assertThat(page.locator(".keys > div")).not().hasCount(0);
    Browser.keep(page, "annotate-keys");
    page.click(".keys [aria-label='Bind anew: Discard']");
    press("x");
    page.click(".sheet >> text=Close");
    press("x");
    waitForStatus("record-0", "discarded");
    page.reload();
    page.waitForSelector(".form");

    assertThat(page.locator("[data-action=discard] kbd")).hasText("X");
  }

  @Test
  void many_records_are_answered_alike_in_the_list() {
    press("b");
    page.waitForSelector(".bulk-card");
    page.locator(".bulk-card input").nth(0).check();
    page.locator(".bulk-card input").nth(1).check();
    page.click(".meta");
    answerRequired(page);
    Browser.keep(page, "annotate-list");
    page.click("[data-action=submit]");
    waitForStatus("record-0", "submitted");
    waitForStatus("record-1", "submitted");

    assertThat(dataset.status("record-2")).isEqualTo("pending");
  }

  @Test
  void records_are_searched_and_filtered() {
    press("/");
    page.keyboard().type("Number 7");
    press("Enter");
    assertThat(page.locator(".meta .tag >> nth=0")).hasText("record-7");

    press("f");
    page.locator(".checks label:has-text('6') input").last().check();
    assertThat(page.locator(".meta .tag >> nth=0")).hasText("record-7");
    Browser.keep(page, "annotate-filter");
    page.locator(".checks label:has-text('6') input").last().uncheck();
    page.locator(".checks label:has-text('5') input").last().check();
    assertThat(page.locator(".end")).containsText("No record matches");
    page.click(".end >> text=Show all");

    assertThat(page.locator(".meta b")).hasText("Record 1 of 12");
  }

  @Test
  void marks_that_overlap_lie_in_lanes_of_their_own() {
    Object lanes =
        page.evaluate(
            "import('/assets/annotate/lanes.js').then(({withLanes}) => withLanes(["
                + "{start: 0, end: 10}, {start: 5, end: 15}, {start: 8, end: 9},"
                + " {start: 10, end: 12}]).map((mark) => mark.lane))");

    assertThat(lanes).isEqualTo(List.of(0, 1, 2, 0));
  }

  @Test
  void a_form_with_a_single_choice_submits_itself() {
    String workspace = server.workspace();
    String id =
        server
            .owner()
            .post("/api/v1/datasets", Map.of("name", "single", "workspace_id", workspace))
            .text("id");
    String path = "/api/v1/datasets/" + id;
    server.owner().post(path + "/fields", TestServer.field("text", true));
    server.owner().post(path + "/questions", TestServer.labels());
    server.owner().put(path + "/publish", null);
    List<Map<String, Object>> items =
        List.of(
            Map.of("fields", Map.of("text", "first")), Map.of("fields", Map.of("text", "second")));
    server.owner().post(path + "/records/bulk", Map.of("items", items));
    page.navigate(server.address() + "/dataset/" + id + "/annotation-mode");
    page.waitForSelector(".form");
    press("1");

    assertThat(page.locator(".meta b")).hasText("Record 2 of 2");
    waitUntil(
        () ->
            server
                .owner()
                .get("/api/v1/me/datasets/" + id + "/metrics")
                .body()
                .contains("\"submitted\":1"));
  }

  @Test
  void the_address_shows_the_same_again() {
    press("ArrowRight", "ArrowRight");
    String address = page.url();
    page.navigate(server.address() + "/");
    page.navigate(address);
    page.waitForSelector(".form");

    assertThat(shownRecord()).isEqualTo("record-2");
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void anybody_can_use_the_pages(ColorScheme theme) {
    try (BrowserContext themed = browser.signedIn(server, theme)) {
      Page shown = annotate(themed);
      answerRequired(shown);
      for (int width : WIDTHS) {
        shown.setViewportSize(width, HEIGHT);
        Browser.keep(shown, "annotate-" + theme.name().toLowerCase(Locale.ROOT) + "-" + width);
        shown.setViewportSize(width, TALL);
        assertThat(Browser.barriers(shown)).isEmpty();
        assertThat(shown.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
      }
      for (String panel : List.of("f", "g", "?")) {
        shown.keyboard().press(panel);
        assertThat(Browser.barriers(shown)).isEmpty();
        shown.keyboard().press("Escape");
      }
      shown.navigate(server.address() + "/");
      Browser.keep(shown, "home-" + theme.name().toLowerCase(Locale.ROOT));
      assertThat(Browser.barriers(shown)).isEmpty();
    }
    try (BrowserContext stranger = browser.context(theme)) {
      Page signIn = stranger.newPage();
      signIn.navigate(server.address() + "/sign-in");
      Browser.keep(signIn, "sign-in-" + theme.name().toLowerCase(Locale.ROOT));
      assertThat(Browser.barriers(signIn)).isEmpty();
    }
  }
}
