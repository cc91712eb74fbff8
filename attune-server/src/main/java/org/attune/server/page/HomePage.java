package org.attune.server.page;

import org.attune.server.access.SignedIn;
import org.attune.server.search.Search;
import org.attune.server.storage.Database;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** What needs me today: the queues of whoever is signed in. */
@Page
final class HomePage {

  private final Database database;
  private final Search search;

  HomePage(Database database, Search search) {
    this.database = database;
    this.search = search;
  }

  @GetMapping("/")
  String home(SignedIn sender, Model model) {
    model.addAttribute("queues", Queue.of(database, search, sender));
    return "home";
  }
}
