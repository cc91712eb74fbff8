package org.attune.server.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.attune.server.storage.Moments;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did.
 *
 * @param sequence the place in the log
 * @param moment when, as {@link Moments} counts
 * @param userId who, or null if nobody was known or the server did it
 * @param username the name of the user at that time
 * @param address where the request came from, or null if it was none
 * @param action the text of an {@link AuditAction}
 * @param subject what it was done to: a kind and an id
 * @param details more about it; never a secret
 */
public record AuditEntry(
    long sequence,
    long moment,
    @Nullable String userId,
    @Nullable String username,
    @Nullable String address,
    String action,
    String subject,
    Map<String, @Nullable Object> details) {

  public Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("sequence", sequence);
    json.put("at", time());
    json.put("user_id", userId);
    json.put("username", username);
    json.put("address", address);
    json.put("action", action);
    json.put("subject", subject);
    json.put("details", details);
    return json;
  }

  /** When, in UTC. */
  public String time() {
    return Moments.text(moment);
  }
}
