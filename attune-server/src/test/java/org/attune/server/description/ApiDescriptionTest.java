package org.attune.server.description;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.attune.server.json.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** The description of the routes, held against the routes themselves. */
class ApiDescriptionTest {

  private static final String PROGRAMS = "/api/";
  private static final Pattern REFERENCE = Pattern.compile("#/components/schemas/(\\w+)");

  private final ApiDescription description = ApiDescription.load();

  @Test
  void describes_every_route_for_programs_and_no_other() throws ClassNotFoundException {
    Set<String> described = new TreeSet<>();
    description.routes().forEach(route -> described.add(route.method() + " " + route.path()));

    assertThat(described).containsExactlyElementsOf(routes());
  }

  @Test
  void names_only_schemas_that_there_are_and_leaves_none_unnamed() {
    Set<String> named = new TreeSet<>();
    REFERENCE
        .matcher(Json.write(description.openApi("1")))
        .results()
        .forEach(reference -> named.add(reference.group(1)));

    assertThat(named).containsExactlyInAnyOrderElementsOf(description.schemas().keySet());
  }

  @Test
  void gives_every_operation_an_id_of_its_own() {
    assertThat(description.routes())
        .extracting(route -> route.operation(Map.of()).get("operationId"))
        .doesNotHaveDuplicates();
  }

  private static Set<String> routes() throws ClassNotFoundException {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(Controller.class));
    Set<String> routes = new TreeSet<>();
    for (BeanDefinition bean : scanner.findCandidateComponents("org.attune.server")) {
      Class<?> type = Class.forName(bean.getBeanClassName());
      RequestMapping base = AnnotatedElementUtils.findMergedAnnotation(type, RequestMapping.class);
      for (Method method : type.getDeclaredMethods()) {
        RequestMapping own =
            AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
        if (own != null && own.method().length > 0) {
          String path = first(base) + first(own);
          if (path.startsWith(PROGRAMS)) {
            routes.add(own.method()[0] + " " + path);
          }
        }
      }
    }
    return routes;
  }

  private static String first(@Nullable RequestMapping mapping) {
    return mapping == null || mapping.path().length == 0 ? "" : mapping.path()[0];
  }
}
