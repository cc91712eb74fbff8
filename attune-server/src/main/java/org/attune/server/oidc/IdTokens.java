package org.attune.server.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.attune.server.oidc.OidcException.Reason;

/**
 * Checks what an ID token says about itself: that the provider signed it by a key pair of its own,
 * for this server, for this sign-in, and not long ago. A token without a signature, or signed by
 * the client's secret, is none.
 */
final class IdTokens {

  private static final int MOST_BYTES = 1 << 20;

  private final IDTokenValidator validator;

  IdTokens(OIDCProviderMetadata metadata, String clientId, int patienceMillis) throws IOException {
    JWKSource<SecurityContext> keys =
        JWKSourceBuilder.create(
                metadata.getJWKSetURI().toURL(),
                new DefaultResourceRetriever(patienceMillis, patienceMillis, MOST_BYTES))
            .refreshAheadCache(false)
            .build();
    this.validator =
        new IDTokenValidator(
            metadata.getIssuer(),
            new ClientID(clientId),
            new JWSVerificationKeySelector<>(algorithms(metadata), keys),
            null);
  }

  private static Set<JWSAlgorithm> algorithms(OIDCProviderMetadata metadata) {
    List<JWSAlgorithm> named = metadata.getIDTokenJWSAlgs();
    List<JWSAlgorithm> offered = named == null ? List.of(JWSAlgorithm.RS256) : named;
    Set<JWSAlgorithm> usable =
        offered.stream()
            .filter(JWSAlgorithm.Family.SIGNATURE::contains)
            .collect(Collectors.toSet());
    if (usable.isEmpty()) {
      throw new OidcException(Reason.PROVIDER, "it signs by none but " + offered);
    }
    return usable;
  }

  /** The claims of a token that is one. */
  Map<String, Object> claims(JWT token, Nonce nonce) {
    try {
      return validator.validate(token, nonce).toJSONObject();
    } catch (BadJOSEException | JOSEException e) {
      throw new OidcException(
          Reason.PROVIDER, "its token is not to be trusted: " + e.getMessage(), e);
    }
  }
}
