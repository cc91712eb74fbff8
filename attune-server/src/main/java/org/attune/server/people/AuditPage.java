package org.attune.server.people;

import java.time.DateTimeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attune.server.access.SignedIn;
import org.attune.server.audit.AuditAction;
import org.attune.server.audit.AuditEntry;
import org.attune.server.audit.AuditFilter;
import org.attune.server.audit.AuditLog;
import org.attune.server.page.Page;
import org.attune.server.problem.RequestException;
import org.attune.server.storage.Database;
import org.attune.server.storage.Moments;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;

/** The audit log, for owners: as a page and for programs, the newest first. */
@Page
final class AuditPage {

  private static final int SHOWN = 50;
  private static final int MOST = 1_000;

  private final Database database;

  AuditPage(Database database) {
    this.database = database;
  }

  @GetMapping("/audit")
  String show(SignedIn sender, @RequestParam Map<String, String> query, Model model) {
    sender.requireOwner();
    List<AuditEntry> entries = read(query, SHOWN);
    model.addAttribute("entries", entries);
    model.addAttribute("next", next(entries, SHOWN));
    model.addAttribute("query", query);
    model.addAttribute("actions", Stream.of(AuditAction.values()).map(AuditAction::text).toList());
    return "people/audit";
  }

  /**
   * Entries for programs.
   *
   * @param limit how many, at most 1,000; {@code next} is the {@code before} of those that follow
   */
  @GetMapping("/api/attune/audit")
  @ResponseBody
  Map<String, @Nullable Object> list(
      SignedIn sender,
      @RequestParam(defaultValue = "100") int limit,
      @RequestParam Map<String, String> query) {
    sender.requireOwner();
    if (limit < 1 || limit > MOST) {
      throw RequestException.unprocessable(
          "limit must be from 1 to " + MOST + " but was " + limit + ".");
    }
    List<AuditEntry> entries = read(query, limit);
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("items", entries.stream().map(AuditEntry::json).toList());
    json.put("next", next(entries, limit));
    return json;
  }

  private List<AuditEntry> read(Map<String, String> query, int limit) {
    AuditFilter filter =
        new AuditFilter(
            given(query, "user"),
            given(query, "action"),
            moment(query, "from"),
            moment(query, "until"),
            sequence(query));
    return database.read(transaction -> AuditLog.read(transaction, filter, limit));
  }

  private static @Nullable Long next(List<AuditEntry> entries, int limit) {
    return entries.size() < limit ? null : (Long) entries.get(limit - 1).sequence();
  }

  private static @Nullable String given(Map<String, String> query, String name) {
    String value = query.getOrDefault(name, "").strip();
    return value.isEmpty() ? null : value;
  }

  /** A day or a time in UTC. */
  private static @Nullable Long moment(Map<String, String> query, String name) {
    String text = given(query, name);
    if (text == null) {
      return null;
    }
    try {
      return Moments.parse(text.contains("T") ? text : text + "T00:00:00");
    } catch (DateTimeException e) {
      throw RequestException.unprocessable(
          name + " must be a day or a time such as 2025-01-31T08:00:00 but was " + text + ".");
    }
  }

  private static @Nullable Long sequence(Map<String, String> query) {
    String text = given(query, "before");
    if (text == null) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw RequestException.unprocessable(
          "before must be the next of the entries above but was " + text + ".");
    }
  }
}
