package org.attune.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./dev sbom} and {@code ./dev vulnerabilities} say of a list of components. */
class DependenciesTest {
  private static final Path ROOT = Path.of(System.getProperty("attune.root"));

  @TempDir private Path folder;

  @Nested
  class Licences {
    @Test
    void one_accepted_licence_of_several_is_enough() throws Exception {
      Answer answer = check("<license><name>GPL</name></license><license><id>MIT</id></license>");

      assertThat(answer.status()).isZero();
      assertThat(answer.text()).contains("1 components", "1  GPL or MIT");
    }

    @Test
    void a_component_under_the_gpl_alone_is_refused_by_name() throws Exception {
      Answer answer = check("<license><id>GPL-3.0-only</id></license>");

      assertThat(answer.status()).isEqualTo(1);
      assertThat(answer.text()).contains("pkg:maven/org.example/sums@1.0?type=jar: [GPL-3.0-only]");
    }

    @Test
    void a_component_without_a_licence_is_refused_by_name() throws Exception {
      Answer answer = check("");

      assertThat(answer.status()).isEqualTo(1);
      assertThat(answer.text()).contains("pkg:maven/org.example/sums@1.0?type=jar: no licence");
    }

    private Answer check(String licences) throws Exception {
      return run("Licences", licences, "http://127.0.0.1");
    }
  }

  @Nested
  class Vulnerabilities {
    @Test
    void a_finding_is_told_with_the_name_of_its_component() throws Exception {
      Answer answer =
          ask(200, "{\"results\":[{\"vulns\":[{\"id\":\"GHSA-1\"},{\"id\":\"GHSA-2\"}]}]}");

      assertThat(answer.status()).isEqualTo(1);
      assertThat(answer.text()).contains("pkg:maven/org.example/sums@1.0: GHSA-1, GHSA-2");
    }

    @Test
    void nothing_found_is_success() throws Exception {
      Answer answer = ask(200, "{\"results\":[{}]}");

      assertThat(answer.status()).isZero();
    }

    @Test
    void an_answer_that_does_not_speak_of_every_component_is_no_answer() throws Exception {
      Answer answer = ask(200, "{\"results\":[]}");

      assertThat(answer.status()).isEqualTo(7);
      assertThat(answer.text()).contains("Could not look", "0 results for 1 packages");
    }

    @Test
    void a_service_that_fails_gives_no_answer() throws Exception {
      Answer answer = ask(500, "{\"results\":[{}]}");

      assertThat(answer.status()).isEqualTo(7);
      assertThat(answer.text()).contains("Could not look", "status 500");
    }

    private Answer ask(int status, String body) throws Exception {
      HttpServer service =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      service.createContext(
          "/v1/querybatch",
          exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      service.start();
      try {
        return run("Vulnerabilities", "", "http://127.0.0.1:" + service.getAddress().getPort());
      } finally {
        service.stop(0);
      }
    }
  }

  private Answer run(String program, String licences, String service)
      throws IOException, InterruptedException {
    Path components = folder.resolve("bom.xml");
    Files.writeString(
        components,
        "<bom><components><component><licenses>"
            + licences
            + "</licenses><purl>pkg:maven/org.example/sums@1.0?type=jar</purl>"
            + "</component></components></bom>");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                ROOT.resolve(".ci/" + program + ".java").toString(),
                components.toString())
            .redirectErrorStream(true);
    builder.environment().put("ATTUNE_OSV", service);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), text);
  }

  private record Answer(int status, String text) {}
}
