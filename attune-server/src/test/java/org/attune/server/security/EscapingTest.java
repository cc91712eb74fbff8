package org.attune.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.attune.server.Caller;
import org.attune.server.TestServer;
import org.attune.server.page.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts of people that would be markup, on every page that the server writes. */
final class EscapingTest {

  private static final String MARKUP = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>";

  private TestServer server;
  private Visitor owner;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    server = TestServer.over(folder);
    owner = new Visitor(server.address());
    owner.signIn("owner", "owner's password");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void assertEscaped(String body) {
    assertThat(body)
        .contains("&lt;img src=x onerror=alert(1)&gt;")
        .doesNotContain("<img src=x", "<script>alert");
  }

  @Test
  void names_of_people_are_text() throws Exception {
    owner.post(
        "/users",
        Map.of(
            "username",
            "mina",
            "firstName",
            MARKUP,
            "lastName",
            MARKUP,
            "password",
            "a long password",
            "role",
            "admin"));
    Visitor mina = new Visitor(server.address());
    mina.signIn("mina", "a long password");

    assertEscaped(owner.get("/users").body());
    server.workspace();
    assertEscaped(owner.get("/workspaces").body());
    assertEscaped(mina.get("/account").body());
    assertEscaped(mina.get("/").body());
  }

  @Test
  void what_was_typed_comes_back_as_text() throws Exception {
    Visitor stranger = new Visitor(server.address());

    assertEscaped(stranger.signIn(MARKUP, "wrong").body());
    assertThat(stranger.get("/sign-in?redirect=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E").body())
        .doesNotContain("<script>alert");
    assertEscaped(
        owner
            .post(
                "/users",
                Map.of("username", MARKUP, "firstName", MARKUP, "password", "", "role", "x"))
            .body());
    assertEscaped(owner.get("/audit?user=" + encoded(MARKUP)).body());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void files_columns_and_cells_are_text() throws Exception {
    Caller api = server.owner();
    String workspace = server.workspace();
    String draft =
        api.post("/api/v1/datasets", Map.of("name", "draft", "workspace_id", workspace)).text("id");
    owner.upload(
        "/dataset/" + draft + "/build/data/file",
        Map.of(),
        "<img src=x onerror=alert(1)>.csv",
        "<img src=x onerror=alert(1)>,b\n<script>alert(1)</script>,2\n");

    assertEscaped(owner.get("/dataset/" + draft + "/build/data").body());
  }

  @Test
  void titles_labels_guidelines_records_and_answers_are_text() throws Exception {
    Caller api = server.owner();
    String workspace = server.workspace();
    String id =
        api.post(
                "/api/v1/datasets",
                Map.of("name", "hostile", "workspace_id", workspace, "guidelines", MARKUP))
            .text("id");
    String path = "/api/v1/datasets/" + id;
    api.post(
        path + "/fields",
        Map.of(
            "name", "text", "title", MARKUP, "required", true, "settings", Map.of("type", "text")));
    api.post(
        path + "/questions",
        Map.of(
            "name",
            "label",
            "title",
            MARKUP,
            "description",
            MARKUP,
            "required",
            true,
            "settings",
            Map.of(
                "type",
                "label_selection",
                "options",
                List.of(
                    Map.of("value", MARKUP, "text", MARKUP), Map.of("value", "b", "text", "b")))));
    List<String> pages = new ArrayList<>();
    pages.add(owner.get("/dataset/" + id + "/build/questions").body());
    pages.add(owner.get("/dataset/" + id + "/build/people").body());
    String publish = owner.get("/dataset/" + id + "/build/publish").body();
    api.put(path + "/publish", null);
    String record =
        String.valueOf(
            api.post(
                    path + "/records/bulk",
                    Map.of(
                        "items",
                        List.of(Map.of("fields", Map.of("text", MARKUP), "external_id", MARKUP))))
                .items()
                .get(0)
                .get("id"));
    api.post(
        "/api/v1/records/" + record + "/responses",
        Map.of("status", "submitted", "values", Map.of("label", Map.of("value", MARKUP))));
    pages.add(owner.get("/dataset/" + id + "/settings").body());
    pages.add(owner.get("/dataset/" + id + "/review").body());

    assertThat(pages).allSatisfy(EscapingTest::assertEscaped);
    assertThat(publish).doesNotContain("<script>alert");
    assertThat(owner.get("/dataset/" + id + "/annotation-mode").body())
        .doesNotContain("<script>alert");
  }
}
