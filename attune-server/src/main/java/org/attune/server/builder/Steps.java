package org.attune.server.builder;

import java.util.List;
import org.attune.server.account.Workspaces;
import org.attune.server.dataset.Dataset;
import org.attune.server.storage.Transaction;
import org.springframework.ui.Model;

/** The steps of building a dataset. Each can be left and taken up again: all is in the draft. */
final class Steps {

  static final List<String> ALL = List.of("data", "questions", "people", "publish");

  private Steps() {}

  static void describe(Transaction transaction, Dataset dataset, String step, Model model) {
    model.addAttribute("dataset", dataset);
    model.addAttribute("workspace", Workspaces.get(transaction, dataset.workspaceId()).name());
    model.addAttribute("steps", dataset.ready() ? List.of("data", "publish") : ALL);
    model.addAttribute("step", step);
  }
}
