package org.attune.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.attune.server.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page that forgets its styles still works, and nobody would want to use it. */
class StylesTest {

  private static final Pattern STYLES =
      Pattern.compile("<link rel=\"stylesheet\" href=\"([^\"]+)\"");

  @Test
  void a_page_names_its_own_styles_and_they_are_there(@TempDir Path folder) throws Exception {
    try (TestServer server = TestServer.over(folder)) {
      String dataset = server.dataset(server.workspace());
      Visitor owner = new Visitor(server.address());
      owner.signIn("owner", "owner's password");
      for (String page :
          List.of(
              "/datasets",
              "/users",
              "/workspaces",
              "/account",
              "/dataset/" + dataset + "/settings",
              "/dataset/" + dataset + "/review")) {
        var answer = owner.get(page);
        assertThat(answer.statusCode()).as(page).isEqualTo(200);
        Matcher styles = STYLES.matcher(answer.body());
        int own = 0;
        while (styles.find()) {
          assertThat(owner.get(styles.group(1)).statusCode()).as(styles.group(1)).isEqualTo(200);
          own += styles.group(1).contains("/manage/") ? 1 : 0;
        }
        assertThat(own).as(page).isPositive();
      }
    }
  }
}
