package org.attune.server.oidc;

import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The sign-ins that browsers began and did not finish. Each is used once, by the browser that began
 * it, and soon; a restart forgets them, and then people press the button again.
 */
final class PendingSignIns {

  static final Duration LIFETIME = Duration.ofMinutes(10);
  static final int MOST = 10_000;

  private final Clock clock;
  private final Map<String, Pending> pending = new LinkedHashMap<>();

  PendingSignIns(Clock clock) {
    this.clock = clock;
  }

  /**
   * A sign-in.
   *
   * @param browser the secret of the cookie of whoever began it
   * @param returnAddress the page to show in the end
   */
  record Pending(
      String browser,
      State state,
      Nonce nonce,
      CodeVerifier verifier,
      String returnAddress,
      Instant until) {}

  synchronized Pending begin(String browser, String returnAddress) {
    Instant now = clock.instant();
    pending.values().removeIf(one -> !one.until().isAfter(now));
    if (pending.size() >= MOST) {
      pending.remove(pending.keySet().iterator().next());
    }
    Pending begun =
        new Pending(
            browser,
            new State(),
            new Nonce(),
            new CodeVerifier(),
            returnAddress,
            now.plus(LIFETIME));
    pending.put(begun.state().getValue(), begun);
    return begun;
  }

  /** Takes a sign-in out; nobody gets it a second time, nor does another browser. */
  synchronized Optional<Pending> take(String state, String browser) {
    return Optional.ofNullable(pending.remove(state))
        .filter(one -> one.browser().equals(browser) && one.until().isAfter(clock.instant()));
  }
}
