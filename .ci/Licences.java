import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Counts the licences of an SBOM's components, and fails for each component that none of the
 * accepted licences covers: {@code java .ci/Licences.java target/bom.xml}.
 */
class Licences {
  /**
   * What Attune may ship, by SPDX name. A component with several licences lets its user choose, as
   * Logback and JNA do, so one of them has to be here.
   */
  private static final Set<String> ACCEPTED =
      Set.of(
          "0BSD",
          "Apache-2.0",
          "BSD-2-Clause",
          "BSD-3-Clause",
          "EPL-2.0",
          "GPL-2.0-with-classpath-exception",
          "MIT",
          "MPL-2.0");

  public static void main(String[] arguments) throws Exception {
    Element bom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of(arguments[0]).toFile())
            .getDocumentElement();
    int count = 0;
    Map<String, Integer> counts = new TreeMap<>();
    List<String> refused = new ArrayList<>();
    for (Element component : children(named("components", bom).get(0).getChildNodes())) {
      count++;
      List<String> licences = licences(component);
      counts.merge(licences.isEmpty() ? "none" : String.join(" or ", licences), 1, Integer::sum);
      if (licences.stream().noneMatch(ACCEPTED::contains)) {
        String name = component.getElementsByTagName("purl").item(0).getTextContent();
        refused.add(name + ": " + (licences.isEmpty() ? "no licence" : licences));
      }
    }

    System.out.println(count + " components");
    counts.forEach((licence, of) -> System.out.printf("%5d  %s%n", of, licence));
    if (!refused.isEmpty()) {
      System.err.println("Not under an accepted licence:");
      refused.forEach(each -> System.err.println("  " + each));
      System.err.println(
          "Use another library, or review the licence and accept it in .ci/Licences.java.");
      System.exit(1);
    }
  }

  private static List<String> licences(Element component) {
    List<String> names = new ArrayList<>();
    for (Element licences : named("licenses", component)) {
      for (Element licence : children(licences.getChildNodes())) {
        if (licence.getTagName().equals("expression")) {
          names.addAll(List.of(licence.getTextContent().strip().split(" OR ")));
        } else {
          // the SPDX name comes first, or what the POM calls the licence
          names.add(children(licence.getChildNodes()).get(0).getTextContent().strip());
        }
      }
    }
    return names;
  }

  private static List<Element> named(String name, Element parent) {
    return children(parent.getChildNodes()).stream()
        .filter(each -> each.getTagName().equals(name))
        .toList();
  }

  private static List<Element> children(NodeList nodes) {
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      if (nodes.item(i) instanceof Element element) {
        elements.add(element);
      }
    }
    return elements;
  }
}
