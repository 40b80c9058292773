package io.surveygateway.warehouse;

import static io.surveygateway.warehouse.SurveyEvents.completed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.surveygateway.event.SurveyJson;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The beans that the route names, as Spring makes them. */
@ExtendWith(OutputCaptureExtension.class)
class WarehouseConfigurationTest {

  @Test
  void deliversIntoTheStoreWhereNoOtherDatabaseIsSet(@TempDir Path folder) {
    try (var store = sqlite(folder);
        var gateway = start(store, "")) {
      deliver(gateway);

      assertThat(
              new JdbcTemplate(store)
                  .queryForList("SELECT response_key FROM survey_response", String.class))
          .isEqualTo(List.of("popsee:7c9e"));
    }
  }

  @Test
  void makesItsTablesAfterTheStoreMadeIts(@TempDir Path folder) {
    try (var store = sqlite(folder);
        var gateway = start(store, "")) {
      assertThat(gateway.getBean("store")).isEqualTo(List.of());
    }
  }

  @Test
  void leavesTheStoreOpenForOthersWhenItStops(@TempDir Path folder) {
    try (var store = sqlite(folder)) {
      start(store, "").close();

      assertThat(store.isClosed()).isFalse();
    }
  }

  @Test
  void startsWhileTheBusinessDatabaseIsAwayAndSaysSo(@TempDir Path folder, CapturedOutput output) {
    try (var store = sqlite(folder);
        var gateway = start(store, "jdbc:postgresql://127.0.0.1:1/warehouse?user=x")) {
      var camel = gateway.getBean(CamelContext.class);

      assertThat(camel.getRouteController().getRouteStatus("database"))
          .isEqualTo(ServiceStatus.Started);
      await()
          .untilAsserted(
              () ->
                  assertThat(output)
                      .contains("Responses for it wait in the outbox")
                      .contains("The business database"));
      assertThat(new JdbcTemplate(store).queryForList("SELECT name FROM sqlite_schema")).isEmpty();
    }
  }

  private static void deliver(ConfigurableApplicationContext gateway) {
    var batch = SurveyJson.mapper().createArrayNode().add(completed().node());
    gateway.getBean(ProducerTemplate.class).sendBody("outbox:database", batch);
  }

  private static HikariDataSource sqlite(Path folder) {
    var pool = new HikariDataSource();
    pool.setJdbcUrl("jdbc:sqlite:" + folder.resolve("gateway.db"));
    pool.setMaximumPoolSize(1);
    return pool;
  }

  private static ConfigurableApplicationContext start(DataSource store, String url) {
    return new SpringApplicationBuilder(Destination.class)
        .web(WebApplicationType.NONE)
        .initializers(
            context -> {
              var definition = new RootBeanDefinition(DataSource.class, () -> store);
              definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, "store"));
              definition.setDestroyMethodName("");
              ((GenericApplicationContext) context)
                  .registerBeanDefinition("storeDataSource", definition);
            })
        .run(
            "--camel.main.routes-include-pattern=file:routes/destinations/database/*.yaml",
            "--gateway.warehouse.url=" + url);
  }

  @ImportAutoConfiguration(CamelAutoConfiguration.class)
  @EnableConfigurationProperties(WarehouseProperties.class)
  @Import(WarehouseConfiguration.class)
  static class Destination {

    @Bean("outbox-component")
    OutboxStandIn outbox() {
      return new OutboxStandIn();
    }

    /** Stands for the store, which expects an empty database: what it finds there. */
    @Bean
    Object store(@Qualifier("store") DataSource store) {
      return new JdbcTemplate(store).queryForList("SELECT name FROM sqlite_schema", String.class);
    }
  }
}
