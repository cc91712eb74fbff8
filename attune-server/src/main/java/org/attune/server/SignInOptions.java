package org.attune.server;

import java.util.Map;
import org.attune.data.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * How people sign in. Programs with an API key are not asked.
 *
 * @param passwords whether a name and a password do
 * @param oidc an OpenID provider that does, or null
 */
public record SignInOptions(boolean passwords, @Nullable OidcOptions oidc) {

  private static final String PASSWORDS = "ATTUNE_PASSWORD_SIGN_IN";

  public SignInOptions {
    if (!passwords && oidc == null) {
      throw new InvalidInputException(
          PASSWORDS
              + " is false and ATTUNE_OIDC_ISSUER is unset, so nobody could sign in. Set the"
              + " issuer, or leave passwords on.");
    }
  }

  public static SignInOptions byPassword() {
    return new SignInOptions(true, null);
  }

  /**
   * Reads the variables of an environment.
   *
   * @throws InvalidInputException with everything that is wrong with them
   */
  public static SignInOptions of(Map<String, String> environment) {
    String passwords = environment.getOrDefault(PASSWORDS, "true");
    if (!passwords.equals("true") && !passwords.equals("false")) {
      throw new InvalidInputException(
          PASSWORDS + " must be true or false but was \"" + passwords + "\". Unset it for true.");
    }
    return new SignInOptions(passwords.equals("true"), new OidcEnvironment(environment).read());
  }
}
