package io.surveygateway.demo;

import io.surveygateway.standin.SalesforceStandIn;
import io.surveygateway.standin.SlackStandIn;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Looks whether samples have come out at every destination, and says how many are there. */
final class DemoArrivals {

  private final SlackStandIn slack;
  private final SalesforceStandIn salesforce;
  private final JdbcTemplate warehouse;

  DemoArrivals(SlackStandIn slack, SalesforceStandIn salesforce, DataSource warehouse) {
    this.slack = slack;
    this.salesforce = salesforce;
    this.warehouse = new JdbcTemplate(warehouse);
  }

  /**
   * Waits until each response is a row and a record, and there are as many messages at least.
   *
   * @return what is still missing, in words; empty if nothing is
   */
  String await(List<String> responseKeys, Duration longest) throws InterruptedException {
    var end = System.nanoTime() + longest.toNanos();
    var missing = missing(responseKeys);
    while (!missing.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(200);
      missing = missing(responseKeys);
    }
    return missing;
  }

  private String missing(List<String> responseKeys) {
    var wanted = new TreeSet<>(responseKeys);
    var inDatabase =
        Set.copyOf(
            warehouse.queryForList("SELECT response_key FROM survey_response", String.class));
    var inSalesforce =
        salesforce.surveyResponses().stream()
            .map(record -> record.text("Response_Key__c"))
            .collect(Collectors.toSet());
    if (!inDatabase.containsAll(wanted)) {
      return "the database has not all of " + wanted;
    }
    if (!inSalesforce.containsAll(wanted)) {
      return "Salesforce has not all of " + wanted;
    }
    return slack.messages().size() < wanted.size()
        ? "Slack has " + slack.messages().size() + " messages of " + wanted.size()
        : "";
  }
}
