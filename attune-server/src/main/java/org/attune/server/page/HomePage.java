package org.attune.server.page;

import org.attune.server.access.SignedIn;
import org.attune.server.storage.Database;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** What needs me today: the queues of whoever is signed in. */
@Page
final class HomePage {

  private final Database database;

  HomePage(Database database) {
    this.database = database;
  }

  @GetMapping("/")
  String home(SignedIn sender, Model model) {
    model.addAttribute("queues", database.read(transaction -> Queue.of(transaction, sender)));
    return "home";
  }
}
