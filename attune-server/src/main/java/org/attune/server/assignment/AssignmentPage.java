package org.attune.server.assignment;

import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.attune.server.access.SignedIn;
import org.attune.server.account.Workspaces;
import org.attune.server.dataset.Dataset;
import org.attune.server.dataset.DatasetAccess;
import org.attune.server.page.Page;
import org.attune.server.problem.SchemaException;
import org.attune.server.storage.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Who is given which records? The rules of a dataset, for whoever leads it. */
@Page
@RequestMapping("/dataset/{id}/assignment")
final class AssignmentPage {

  private static final String WHOLE = "\\d{1,9}";

  private final Database database;

  AssignmentPage(Database database) {
    this.database = database;
  }

  /**
   * An order that can be chosen.
   *
   * @param key of its text
   * @param property the metadata property that it is by, or empty
   */
  record Choice(String value, String key, String property) {

    static Choice of(String order) {
      String[] parts = order.split("[.:]", 2);
      if (!parts[0].equals("metadata")) {
        return new Choice(order, order, "");
      }
      int colon = order.lastIndexOf(':');
      return new Choice(
          order, order.substring(colon + 1), order.substring(parts[0].length() + 1, colon));
    }
  }

  @GetMapping
  String show(SignedIn sender, @PathVariable String id, Model model) {
    return database.read(
        transaction -> {
          Dataset dataset = DatasetAccess.managed(transaction, sender, id);
          List<String> orders = Assignment.orders(transaction, dataset);
          model.addAttribute("dataset", dataset);
          model.addAttribute(
              "workspace", Workspaces.get(transaction, dataset.workspaceId()).name());
          model.addAttribute("rules", Assignment.json(dataset));
          model.addAttribute("orders", orders.stream().map(Choice::of).toList());
          return "quality/assignment";
        });
  }

  @PostMapping
  String change(
      SignedIn sender,
      @PathVariable String id,
      @RequestParam Map<String, String> form,
      HttpServletResponse response,
      Model model) {
    try {
      database.change(
          transaction -> {
            Dataset dataset = DatasetAccess.managed(transaction, sender, id);
            Assignment.change(transaction, dataset, json(form), sender.user().id());
          });
      return "redirect:/dataset/" + id + "/assignment?saved";
    } catch (SchemaException e) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute(
          "detail",
          e.faults().stream()
              .map(fault -> fault.location().get(1) + ": " + fault.message())
              .collect(Collectors.joining("\n")));
      return show(sender, id, model);
    }
  }

  /** The form as the body of a change; an empty limit is none. */
  private static Map<String, @Nullable Object> json(Map<String, String> form) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    for (String key : List.of("min_submitted", "max_submitted", "quota")) {
      String text = form.getOrDefault(key, "").strip();
      json.put(
          key, text.isEmpty() ? null : text.matches(WHOLE) ? (Object) Integer.valueOf(text) : text);
    }
    json.put("order", form.getOrDefault("order", ""));
    return json;
  }
}
