package org.attune.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.attune.data.InvalidInputException;
import org.attune.server.account.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SignInOptionsTest {

  private static Map<String, String> environment(String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("ATTUNE_OIDC_ISSUER", "https://id.example.org/realm");
    environment.put("ATTUNE_OIDC_CLIENT_ID", "attune");
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }

  private static OidcOptions oidc(String... more) {
    return Objects.requireNonNull(SignInOptions.of(environment(more)).oidc());
  }

  @Test
  void without_an_issuer_there_are_only_passwords() {
    assertThat(SignInOptions.of(Map.of())).isEqualTo(SignInOptions.byPassword());
  }

  @Test
  void what_is_unset_has_its_usual_value() {
    OidcOptions oidc = oidc();

    assertThat(oidc.scopes()).containsExactly("openid", "profile", "email");
    assertThat(oidc.usernameClaim()).isEqualTo("preferred_username");
    assertThat(oidc.groupsClaim()).isEqualTo("groups");
    assertThat(oidc.clientSecret()).isNull();
    assertThat(oidc.domains()).isEmpty();
  }

  @Test
  void lists_and_roles_are_read() {
    OidcOptions oidc =
        oidc(
            "ATTUNE_OIDC_ROLES", "a=b=owner, leads = admin",
            "ATTUNE_OIDC_ALLOWED_DOMAINS", "Example.org,, b.example");

    assertThat(oidc.roles()).isEqualTo(Map.of("a=b", Role.OWNER, "leads", Role.ADMIN));
    assertThat(oidc.domains()).isEqualTo(Set.of("example.org", "b.example"));
  }

  @Test
  void the_secret_may_be_in_a_file_and_is_never_shown(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "hush\n");

    OidcOptions oidc = oidc("ATTUNE_OIDC_CLIENT_SECRET_FILE", file.toString());

    assertThat(oidc.clientSecret()).isEqualTo("hush");
    assertThat(oidc.toString()).doesNotContain("hush");
  }

  @Test
  void everything_wrong_is_told_at_once() {
    assertThatThrownBy(
            () ->
                oidc(
                    "ATTUNE_OIDC_CLIENT_ID", "",
                    "ATTUNE_OIDC_SCOPES", "email",
                    "ATTUNE_OIDC_ROLES", "leads=boss",
                    "ATTUNE_OIDC_CLIENT_SECRET", "x",
                    "ATTUNE_OIDC_CLIENT_SECRET_FILE", "missing"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("ATTUNE_OIDC_CLIENT_ID must be set")
        .hasMessageContaining("ATTUNE_OIDC_SCOPES must contain openid")
        .hasMessageContaining("leads=boss")
        .hasMessageContaining("are both set")
        .hasMessageContaining("names missing, which cannot be read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://id.example.org", "id.example.org", "https:id", "https://a/?b", "%%"})
  void an_issuer_that_anybody_could_pretend_to_be_is_refused(String issuer) {
    assertThatThrownBy(() -> oidc("ATTUNE_OIDC_ISSUER", issuer))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("ATTUNE_OIDC_ISSUER")
        .hasMessageContaining(issuer);
  }

  @ParameterizedTest
  @CsvSource({"no, must be true or false", "false, nobody could sign in"})
  void nobody_is_locked_out(String passwords, String words) {
    assertThatThrownBy(() -> SignInOptions.of(Map.of("ATTUNE_PASSWORD_SIGN_IN", passwords)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("ATTUNE_PASSWORD_SIGN_IN")
        .hasMessageContaining(words);
  }
}
