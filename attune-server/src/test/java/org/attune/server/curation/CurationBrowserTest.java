package org.attune.server.curation;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.server.TestServer;
import org.attune.server.page.Browser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("browser")
final class CurationBrowserTest {

  private static final int NARROW = 375;

  private TestServer server;
  private Browser browser;
  private BrowserContext context;
  private Page page;
  private String id;

  @BeforeEach
  void start(@TempDir Path data) {
    server = TestServer.over(data);
    id = server.dataset(server.workspace());
    List<Map<String, Object>> items = new ArrayList<>();
    for (String text :
        List.of(
            "plain", "مرحبا بالعالم", "日本語の文章です", "👩‍🚀 flew", "Donaudampfschiff".repeat(200))) {
      items.add(Map.of("fields", Map.of("text", text)));
    }
    server.owner().post("/api/v1/datasets/" + id + "/records/bulk", Map.of("items", items));
    browser = new Browser();
    context = browser.signedIn(server, ColorScheme.LIGHT);
    page = context.newPage();
  }

  @AfterEach
  void stop() {
    assertThat(browser.errors()).isEmpty();
    browser.close();
    server.close();
  }

  private void open(String part) {
    page.navigate(server.address() + "/dataset/" + id + part);
  }

  @Test
  void one_box_ticks_all_records_of_the_page_and_a_button_deletes_them() {
    open("/records");
    page.check("[data-all]");
    page.uncheck("[name=record] >> nth=0");
    assertThat(page.evaluate("document.querySelector('[data-all]').indeterminate")).isEqualTo(true);
    page.click("text=Delete the chosen records");

    assertThat(page.textContent("main")).contains("4 records were deleted.").contains("One record");
  }

  @Test
  void texts_of_any_script_and_length_fit_into_a_narrow_page() {
    page.setViewportSize(NARROW, 800);
    open("/records");
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(NARROW);
    page.click("th a >> nth=0");
    page.waitForSelector("textarea");

    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(NARROW);
  }

  @Test
  void an_export_asks_only_for_what_its_task_needs_and_is_downloaded() throws Exception {
    open("/export");
    assertThat(page.isVisible("[name=task]")).isFalse();
    page.check("[value=training]");
    page.selectOption("[name=task]", "text-generation");
    assertThat(page.isVisible("[data-task=text-generation]")).isTrue();
    assertThat(page.isVisible("[data-task=text-classification]")).isFalse();
    page.fill("[name=q]", "plain");
    Download download = page.waitForDownload(() -> page.click("text=Download"));

    assertThat(download.suggestedFilename()).endsWith("text-generation.jsonl");
    assertThat(Files.readString(download.path())).isEqualTo("{\"text\":\"plain\"}\n");
  }
}
