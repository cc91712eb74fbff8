package org.attune.server;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.attune.server.access.AccessFilter;
import org.attune.server.access.Authentication;
import org.attune.server.access.OpenRoutes;
import org.attune.server.access.PasswordCheck;
import org.attune.server.access.SignedInArgument;
import org.attune.server.audit.AuditAction;
import org.attune.server.audit.AuditLog;
import org.attune.server.audit.AuditRetention;
import org.attune.server.search.Search;
import org.attune.server.storage.Database;
import org.attune.server.webhook.Deliveries;
import org.attune.server.webhook.Patience;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What the server is put together from, besides the routes of its packages. */
@SpringBootApplication(proxyBeanMethods = false)
class ServerApplication implements WebMvcConfigurer {

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new SignedInArgument());
  }

  @Bean
  Authentication authentication(Database database) {
    return new Authentication(database);
  }

  @Bean
  Search search(Database database, ServerOptions options) {
    return new Search(database, options.data().resolve("index"));
  }

  @Bean
  Deliveries deliveries(
      Database database, @Value("${attune.private-webhooks:false}") boolean privateAddresses) {
    return new Deliveries(database, privateAddresses, Patience.DEFAULT, Clock.systemUTC());
  }

  @Bean
  AuditRetention auditRetention(
      Database database,
      @Value("${attune.audit-days:365}") int days,
      @Value("${attune.requests-per-minute:60000}") int requestsPerMinute,
      @Value("${attune.private-webhooks:false}") boolean privateWebhooks) {
    database.change(
        transaction ->
            AuditLog.add(
                transaction,
                AuditAction.SERVER_STARTED,
                "server",
                "settings",
                Map.of(
                    "audit-days", days,
                    "requests-per-minute", requestsPerMinute,
                    "private-webhooks", privateWebhooks)));
    return new AuditRetention(database, Duration.ofDays(days));
  }

  @Bean
  PasswordCheck passwordCheck(Database database) {
    return new PasswordCheck(database, Clock.systemUTC());
  }

  @Bean
  FilterRegistrationBean<AccessFilter> accessFilter(
      Authentication authentication,
      @Value("${attune.requests-per-minute:60000}") int requestsPerMinute) {
    return new FilterRegistrationBean<>(
        new AccessFilter(authentication, new OpenRoutes(), requestsPerMinute, Clock.systemUTC()));
  }
}
