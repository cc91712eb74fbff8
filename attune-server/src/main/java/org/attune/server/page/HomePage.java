package org.attune.server.page;

import org.attune.server.access.SignedIn;
import org.attune.server.storage.Database;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What needs me today: the queues of whoever is signed in. */
@Page
final class HomePage {

  private final Database database;

  HomePage(Database database) {
    this.database = database;
  }

  @GetMapping("/")
  String home(SignedIn sender, @RequestParam(defaultValue = "1") int page, Model model) {
    Part<Queue> part = Part.of(database.read(transaction -> Queue.of(transaction, sender)), page);
    model.addAttribute("queues", part.items());
    model.addAttribute("part", part);
    return "home";
  }
}
