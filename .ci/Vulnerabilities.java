import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.NodeList;

/**
 * Asks OSV (osv.dev) which of an SBOM's components have known vulnerabilities: {@code java
 * .ci/Vulnerabilities.java target/bom.xml}. Ends with 0 for none, 1 for some, and {@value
 * #COULD_NOT_LOOK} where OSV did not answer, which says nothing about the components.
 */
class Vulnerabilities {
  private static final int COULD_NOT_LOOK = 7;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** OSV takes 1000 queries in one request. */
  private static final int MOST_QUERIES = 1000;

  private static final Pattern NPM = Pattern.compile("pkg:maven/org\\.webjars\\.npm/(.*)");
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

  public static void main(String[] arguments) throws Exception {
    String service = Objects.requireNonNullElse(System.getenv("ATTUNE_OSV"), "https://api.osv.dev");
    List<String> packages = packages(Path.of(arguments[0]));
    List<String> findings = new ArrayList<>();
    try {
      for (int from = 0; from < packages.size(); from += MOST_QUERIES) {
        int to = Math.min(from + MOST_QUERIES, packages.size());
        findings.addAll(findings(service, packages.subList(from, to)));
      }
    } catch (IOException | IllegalArgumentException e) {
      // the second where the address of the service is none
      System.err.printf(
          "Could not look: %s gave no answer (%s). Nothing is known about the %d"
              + " packages. Ask again where the network allows it.%n",
          service,
          e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(),
          packages.size());
      System.exit(COULD_NOT_LOOK);
    }
    findings.forEach(System.out::println);
    System.out.printf(
        "%d packages asked for, %d with findings.%n", packages.size(), findings.size());
    System.exit(findings.isEmpty() ? 0 : 1);
  }

  /**
   * The components that others wrote; what a webjar packs is known to OSV by its name in npm too.
   */
  private static List<String> packages(Path bom) throws Exception {
    NodeList purls =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(bom.toFile())
            .getElementsByTagName("purl");
    TreeSet<String> packages = new TreeSet<>();
    for (int i = 0; i < purls.getLength(); i++) {
      String name = purls.item(i).getTextContent().strip().replaceAll("\\?.*", "");
      if (name.startsWith("pkg:maven/org.attune/")) {
        continue;
      }
      packages.add(name);
      Matcher webjar = NPM.matcher(name);
      if (webjar.matches()) {
        packages.add("pkg:npm/" + webjar.group(1).replaceFirst("^(\\w+)__", "%40$1/"));
      }
    }
    return List.copyOf(packages);
  }

  private static List<String> findings(String service, List<String> packages)
      throws IOException, InterruptedException {
    String queries =
        packages.stream()
            .map(name -> "{\"package\":{\"purl\":\"" + name + "\"}}")
            .collect(Collectors.joining(",", "{\"queries\":[", "]}"));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(service + "/v1/querybatch"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(queries))
            .build();
    HttpResponse<String> response =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .build()
            .send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("status " + response.statusCode());
    }
    List<String> results = results(response.body());
    if (results.size() != packages.size()) {
      throw new IOException(results.size() + " results for " + packages.size() + " packages");
    }
    List<String> findings = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      List<String> ids = ID.matcher(results.get(i)).results().map(id -> id.group(1)).toList();
      if (!ids.isEmpty()) {
        findings.add(packages.get(i) + ": " + String.join(", ", ids));
      }
    }
    return findings;
  }

  /** The objects in the list {@code results}, one for each query and in their order. */
  private static List<String> results(String answer) {
    List<String> results = new ArrayList<>();
    int depth = 0;
    int start = 0;
    boolean isText = false;
    for (int i = 0; i < answer.length(); i++) {
      char c = answer.charAt(i);
      if (isText) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          isText = false;
        }
      } else if (c == '"') {
        isText = true;
      } else if (c == '{' || c == '[') {
        depth++;
        if (depth == 3) { // within the answer and its list
          start = i;
        }
      } else if (c == '}' || c == ']') {
        if (depth == 3) {
          results.add(answer.substring(start, i + 1));
        }
        depth--;
      }
    }
    return results;
  }
}
