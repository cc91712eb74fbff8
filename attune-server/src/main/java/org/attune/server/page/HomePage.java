package org.attune.server.page;

import org.attune.server.access.SignedIn;
import org.attune.server.search.Search;
import org.attune.server.storage.Database;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

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
  String home(SignedIn sender, @RequestParam(defaultValue = "1") int page, Model model) {
    Part<Queue> part = Part.of(Queue.of(database, search, sender), page);
    model.addAttribute("queues", part.items());
    model.addAttribute("part", part);
    return "home";
  }
}
