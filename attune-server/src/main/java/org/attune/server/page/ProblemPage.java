package org.attune.server.page;

import java.util.Arrays;
import org.attune.server.problem.Problem;
import org.attune.server.problem.RequestException;
import org.attune.server.problem.RequestException.Reason;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The pages that the types of problems are the addresses of. */
@Page
final class ProblemPage {

  @GetMapping(Problem.PAGES + "{key}")
  String explain(@PathVariable String key, Model model) {
    Reason reason =
        Arrays.stream(Reason.values())
            .filter(known -> known.key().equals(key))
            .findFirst()
            .orElse(key.equals(Problem.MALFORMED) ? Reason.UNPROCESSABLE : null);
    if (reason == null) {
      throw RequestException.notFound("Problem", key);
    }
    model.addAttribute("reason", key.replace('-', '_'));
    model.addAttribute("detail", reason.status());
    return "problem";
  }
}
