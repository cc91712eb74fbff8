package org.attune.server.oidc;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attune.server.OidcOptions;
import org.attune.server.oidc.OidcException.Reason;
import org.attune.server.oidc.PendingSignIns.Pending;
import org.jspecify.annotations.Nullable;

/** The OpenID provider: where people are sent, and whom it says that they are. */
final class Provider {

  private static final Duration METADATA_LIFETIME = Duration.ofHours(1);
  private static final int PATIENCE_MILLIS = 5_000;

  private final OidcOptions options;
  private final Clock clock;
  private @Nullable Known known;

  Provider(OidcOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
  }

  /** What the provider says of itself. */
  private record Known(OIDCProviderMetadata metadata, IdTokens tokens, Instant until) {}

  /** The provider's settings, asked for when they are first needed and renewed now and then. */
  private synchronized Known known() {
    Known last = known;
    if (last != null && last.until().isAfter(clock.instant())) {
      return last;
    }
    try {
      OIDCProviderMetadata metadata =
          OIDCProviderMetadata.resolve(new Issuer(options.issuer()), Provider::configure);
      Known fresh =
          new Known(
              metadata,
              new IdTokens(metadata, options.clientId(), PATIENCE_MILLIS),
              clock.instant().plus(METADATA_LIFETIME));
      known = fresh;
      return fresh;
    } catch (GeneralException | IOException e) {
      throw unusable("its settings cannot be read", e);
    }
  }

  private static void configure(HTTPRequest request) {
    request.setConnectTimeout(PATIENCE_MILLIS);
    request.setReadTimeout(PATIENCE_MILLIS);
    request.setFollowRedirects(false);
  }

  private static OidcException unusable(String what, Exception e) {
    return new OidcException(Reason.PROVIDER, what + ": " + e.getMessage(), e);
  }

  /** The address at the provider to send a browser to. */
  URI authorization(Pending pending, URI callback) {
    return new AuthenticationRequest.Builder(
            ResponseType.CODE,
            Scope.parse(options.scopes()),
            new ClientID(options.clientId()),
            callback)
        .endpointURI(known().metadata().getAuthorizationEndpointURI())
        .state(pending.state())
        .nonce(pending.nonce())
        .codeChallenge(pending.verifier(), CodeChallengeMethod.S256)
        .build()
        .toURI();
  }

  /**
   * Whom the provider means by a code that a browser brought.
   *
   * @param issuer who sent the browser, if the answer says so
   */
  Person person(String code, @Nullable String issuer, Pending pending, URI callback) {
    Known provider = known();
    requireIssuer(provider.metadata(), issuer);
    OIDCTokenResponse tokens = redeem(provider.metadata(), code, pending, callback);
    Map<String, Object> claims =
        new HashMap<>(
            provider.tokens().claims(tokens.getOIDCTokens().getIDToken(), pending.nonce()));
    if (!claims.keySet().containsAll(wanted())) {
      userInfo(provider.metadata(), tokens.getOIDCTokens().getAccessToken(), claims);
    }
    return Person.of(claims, options);
  }

  /** The claims that this server cannot do without. */
  private List<String> wanted() {
    boolean groups = !options.roles().isEmpty() || !options.groups().isEmpty();
    String email = options.domains().isEmpty() ? "sub" : "email";
    return List.of(options.usernameClaim(), groups ? options.groupsClaim() : "sub", email);
  }

  /** RFC 9207: an answer of one provider is not to be taken for that of another. */
  private void requireIssuer(OIDCProviderMetadata metadata, @Nullable String issuer) {
    boolean missing = issuer == null && metadata.supportsAuthorizationResponseIssuerParam();
    boolean other = issuer != null && !issuer.equals(metadata.getIssuer().getValue());
    if (missing || other) {
      throw new OidcException(Reason.PROVIDER, "the answer comes from the issuer " + issuer);
    }
  }

  private OIDCTokenResponse redeem(
      OIDCProviderMetadata metadata, String code, Pending pending, URI callback) {
    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(new AuthorizationCode(code), callback, pending.verifier());
    try {
      HTTPRequest request = tokenRequest(metadata, grant).toHTTPRequest();
      configure(request);
      TokenResponse response = OIDCTokenResponseParser.parse(request.send());
      if (!response.indicatesSuccess()) {
        throw new OidcException(
            Reason.REFUSED,
            "it takes the code for no sign-in: "
                + response.toErrorResponse().getErrorObject().getCode());
      }
      return (OIDCTokenResponse) response.toSuccessResponse();
    } catch (ParseException | IOException e) {
      throw unusable("it gives no token", e);
    }
  }

  private TokenRequest tokenRequest(OIDCProviderMetadata metadata, AuthorizationCodeGrant grant) {
    ClientID client = new ClientID(options.clientId());
    String text = options.clientSecret();
    if (text == null) {
      return new TokenRequest.Builder(metadata.getTokenEndpointURI(), client, grant).build();
    }
    Secret secret = new Secret(text);
    List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
    boolean basic =
        methods == null || methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
    return new TokenRequest.Builder(
            metadata.getTokenEndpointURI(),
            basic ? new ClientSecretBasic(client, secret) : new ClientSecretPost(client, secret),
            grant)
        .build();
  }

  /** Adds what only the user-info endpoint tells; what the token says stays. */
  private static void userInfo(
      OIDCProviderMetadata metadata, AccessToken token, Map<String, Object> claims) {
    if (metadata.getUserInfoEndpointURI() == null) {
      return;
    }
    try {
      HTTPRequest request =
          new UserInfoRequest(metadata.getUserInfoEndpointURI(), token).toHTTPRequest();
      configure(request);
      UserInfoResponse response = UserInfoResponse.parse(request.send());
      UserInfo info =
          response.indicatesSuccess() ? response.toSuccessResponse().getUserInfo() : null;
      if (info == null) {
        return;
      }
      if (!info.getSubject().getValue().equals(claims.get("sub"))) {
        throw new OidcException(Reason.PROVIDER, "it tells of somebody else than it signed in");
      }
      info.toJSONObject().forEach(claims::putIfAbsent);
    } catch (ParseException | IOException e) {
      throw unusable("it does not tell who signed in", e);
    }
  }
}
