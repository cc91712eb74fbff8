package org.attune.server.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.InetAddress;
import java.text.ParseException;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;

/**
 * A real OpenID provider on this machine, Spring Authorization Server, whose ID tokens a test can
 * spoil. It knows one client, {@link #CLIENT}, and anybody whose password is {@link #PASSWORD}.
 */
final class OpenIdProvider implements AutoCloseable {

  static final String CLIENT = "attune";
  static final String SECRET = "the client's secret";
  static final String PASSWORD = "at the provider";

  private final ServletWebServerApplicationContext context;
  private final Behaviour behaviour;

  private OpenIdProvider(ServletWebServerApplicationContext context) {
    this.context = context;
    this.behaviour = context.getBean(Behaviour.class);
  }

  static OpenIdProvider start() {
    return new OpenIdProvider(
        (ServletWebServerApplicationContext)
            new SpringApplicationBuilder(Setup.class)
                .web(WebApplicationType.SERVLET)
                .properties(Map.of("spring.config.name", "provider"))
                .run());
  }

  String issuer() {
    return "http://127.0.0.1:" + Objects.requireNonNull(context.getWebServer()).getPort();
  }

  /** What the provider says of somebody, beside the name. */
  void tells(String username, Map<String, Object> claims) {
    behaviour.claims.put(username, claims);
  }

  /** Changes the claims of each ID token before it is signed. */
  void spoils(Consumer<JWTClaimsSet.Builder> change) {
    behaviour.spoil = change;
  }

  /** Leaves ID tokens unsigned, with the algorithm {@code none}. */
  void signsNothing() {
    behaviour.signs = false;
  }

  /** Signs by another key than it publishes. */
  void signsByAnotherKey() {
    behaviour.key = Behaviour.key();
  }

  /** The provider takes codes back to this address. */
  void expects(String callback) {
    behaviour.callback = callback;
  }

  @Override
  public void close() {
    context.close();
  }

  /** What a test asked for. */
  static final class Behaviour {
    private final Map<String, Map<String, Object>> claims = new ConcurrentHashMap<>();
    private final RSAKey published = key();
    private volatile RSAKey key = published;
    private volatile boolean signs = true;
    private volatile String callback = "http://127.0.0.1/unknown";
    private volatile Consumer<JWTClaimsSet.Builder> spoil = claims -> {};

    static RSAKey key() {
      try {
        return new RSAKeyGenerator(RSAKeyGenerator.MIN_KEY_SIZE_BITS).keyID("one").generate();
      } catch (JOSEException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** What the provider is put together from; not annotated, so that no other server finds it. */
  @EnableWebSecurity
  static class Setup {

    @Bean
    Behaviour behaviour() {
      return new Behaviour();
    }

    @Bean
    TomcatServletWebServerFactory tomcat() {
      TomcatServletWebServerFactory tomcat = new TomcatServletWebServerFactory(0);
      tomcat.setRegisterDefaultServlet(true); // without any servlet, no filter is asked
      tomcat.setAddress(InetAddress.getLoopbackAddress());
      return tomcat;
    }

    @Bean
    DelegatingFilterProxyRegistrationBean security() {
      return new DelegatingFilterProxyRegistrationBean("springSecurityFilterChain");
    }

    @Bean
    SecurityFilterChain chain(HttpSecurity http) {
      return http.oauth2AuthorizationServer(server -> server.oidc(Customizer.withDefaults()))
          // disabling the check would not do: the authorization server turns it on again
          .csrf(check -> check.ignoringRequestMatchers("/login"))
          .exceptionHandling(
              failures ->
                  failures.authenticationEntryPoint(new LoginUrlAuthenticationEntryPoint("/login")))
          .formLogin(Customizer.withDefaults())
          .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
          .build();
    }

    @Bean
    UserDetailsService people() {
      return username -> User.withUsername(username).password("{noop}" + PASSWORD).roles().build();
    }

    @Bean
    RegisteredClientRepository clients(Behaviour behaviour) {
      return new RegisteredClientRepository() {
        @Override
        public void save(RegisteredClient client) {
          // asked for when its secret could be hashed better; there is one client, and it stays
        }

        @Override
        public RegisteredClient findById(String id) {
          return client(behaviour.callback);
        }

        @Override
        public RegisteredClient findByClientId(String clientId) {
          return client(behaviour.callback);
        }
      };
    }

    private static RegisteredClient client(String callback) {
      return RegisteredClient.withId(UUID.nameUUIDFromBytes(new byte[1]).toString())
          .clientId(CLIENT)
          .clientSecret("{noop}" + SECRET)
          .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
          .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
          .redirectUri(callback)
          .scope("openid")
          .scope("profile")
          .scope("email")
          .clientSettings(ClientSettings.builder().requireProofKey(true).build())
          .build();
    }

    @Bean
    AuthorizationServerSettings settings() {
      return AuthorizationServerSettings.builder().build();
    }

    @Bean
    JWKSource<SecurityContext> keys(Behaviour behaviour) {
      return new ImmutableJWKSet<>(new JWKSet(behaviour.published));
    }

    @Bean
    JwtDecoder decoder(JWKSource<SecurityContext> keys) {
      return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
    }

    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> claims(Behaviour behaviour) {
      return context -> {
        if (context.getTokenType().getValue().equals(OidcParameterNames.ID_TOKEN)) {
          Authentication principal = context.getPrincipal();
          String name = Objects.requireNonNull(principal).getName();
          context
              .getClaims()
              .claim("preferred_username", name)
              .claims(claims -> claims.putAll(behaviour.claims.getOrDefault(name, Map.of())));
        }
      };
    }

    @Bean
    JwtEncoder encoder(Behaviour behaviour) {
      return parameters -> {
        Jwt jwt =
            new NimbusJwtEncoder(new ImmutableJWKSet<>(new JWKSet(behaviour.key)))
                .encode(parameters);
        boolean isIdToken = jwt.hasClaim("nonce");
        if (!isIdToken) {
          return jwt;
        }
        try {
          JWTClaimsSet.Builder claims =
              new JWTClaimsSet.Builder(SignedJWT.parse(jwt.getTokenValue()).getJWTClaimsSet());
          behaviour.spoil.accept(claims);
          return new Jwt(
              serialized(claims.build(), behaviour),
              jwt.getIssuedAt(),
              jwt.getExpiresAt(),
              jwt.getHeaders(),
              jwt.getClaims());
        } catch (ParseException | JOSEException e) {
          throw new AssertionError(e);
        }
      };
    }

    private static String serialized(JWTClaimsSet claims, Behaviour behaviour)
        throws JOSEException {
      if (!behaviour.signs) {
        return new PlainJWT(claims).serialize();
      }
      SignedJWT signed =
          new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(), claims);
      signed.sign(new RSASSASigner(behaviour.key));
      return signed.serialize();
    }
  }
}
