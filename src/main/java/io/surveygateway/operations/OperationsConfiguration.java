package io.surveygateway.operations;

import io.surveygateway.event.CanonicalEvents;
import io.surveygateway.outbox.CallBudgets;
import io.surveygateway.outbox.Destinations;
import io.surveygateway.store.ApiTokens;
import io.surveygateway.store.AuditLog;
import io.surveygateway.store.Counters;
import io.surveygateway.store.DeliveryChanges;
import io.surveygateway.store.EventReads;
import io.surveygateway.store.EventReplays;
import io.surveygateway.store.Pauses;
import io.surveygateway.store.RequestChanges;
import io.surveygateway.store.RunSteps;
import io.surveygateway.store.RunStore;
import io.surveygateway.store.Signals;
import io.surveygateway.store.SurveyReads;
import io.surveygateway.store.TestDeliveries;
import io.surveygateway.upkeep.Upkeep;
import io.surveygateway.webhook.ProofTester;
import io.surveygateway.webhook.Providers;
import java.time.Clock;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.EventHelper;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What operators can do to what was received. */
@Configuration(proxyBeanMethods = false)
class OperationsConfiguration {

  @Bean
  Takers takers(Destinations destinations, Providers providers) {
    return new Takers(destinations, providers);
  }

  @Bean
  Audit audit(AuditLog entries) {
    return new Audit(entries);
  }

  @Bean
  DeliveryOperations deliveryOperations(DeliveryChanges changes, Takers takers, Audit audit) {
    return new DeliveryOperations(changes, takers, audit);
  }

  @Bean
  EventOperations eventOperations(EventReplays replays, Takers takers, Audit audit) {
    return new EventOperations(replays, takers, audit);
  }

  @Bean
  RequestOperations requestOperations(RequestChanges changes, Takers takers, Audit audit) {
    return new RequestOperations(changes, takers, audit);
  }

  @Bean
  LaneOperations laneOperations(
      Destinations destinations,
      Providers providers,
      Pauses pauses,
      Audit audit,
      CallBudgets budgets) {
    return new LaneOperations(destinations, providers, pauses, audit, budgets);
  }

  @Bean
  TestEvents testEvents(
      TestDeliveries deliveries,
      CanonicalEvents events,
      LaneOperations lanes,
      Audit audit,
      Clock clock) {
    return new TestEvents(deliveries, events, lanes, audit, clock);
  }

  @Bean
  ProofOperations proofOperations(ProofTester tester, Audit audit, Clock clock) {
    return new ProofOperations(tester, audit, clock);
  }

  @Bean
  TokenOperations tokenOperations(ApiTokens tokens, Clock clock, Audit audit) {
    return new TokenOperations(tokens, clock, audit);
  }

  @Bean
  RepairOperations repairOperations(ObjectProvider<Upkeep> upkeeps, Audit audit) {
    return new RepairOperations(upkeeps.orderedStream().toList(), audit);
  }

  @Bean
  Overviews overviews(LaneOperations lanes, Counters counters, Clock clock) {
    return new Overviews(lanes, counters, clock);
  }

  @Bean
  RouteCounts routeCounts(Clock clock) {
    return new RouteCounts(clock);
  }

  @Bean
  RouteMaps routeMaps(CamelContext camel, RouteCounts counts) {
    return new RouteMaps(camel, counts);
  }

  @Bean
  Surveys surveys(SurveyReads surveys, EventReads events, Clock clock) {
    return new Surveys(surveys, events, clock);
  }

  @Bean
  RunOperations runOperations(RunStore runs, Takers takers, Signals signals, Audit audit) {
    return new RunOperations(runs, takers, signals, audit);
  }

  @Bean
  RunWorker runWorker(
      RunStore runs, RunSteps steps, Takers takers, Signals signals, RunSettings settings) {
    return new RunWorker(runs, steps, takers, signals, settings);
  }

  /** Not before the routes are built: until then no destination is known. */
  @Bean
  ApplicationListener<ApplicationReadyEvent> runWorkerStart(RunWorker worker) {
    return ready -> worker.start();
  }

  /**
   * Camel's starter listens for the end of the start alone; as it does so it would be told of every
   * step of every exchange, for good.
   */
  @Bean
  CamelContextConfiguration exchangesUntold() {
    return new CamelContextConfiguration() {
      @Override
      public void beforeApplicationStart(CamelContext camel) {
        // It listens from the start on.
      }

      @Override
      public void afterApplicationStart(CamelContext camel) {
        for (var listener : camel.getManagementStrategy().getEventNotifiers()) {
          if (listener.getClass().getName().startsWith("org.apache.camel.spring.boot.")) {
            listener.setIgnoreExchangeEvents(true);
          }
        }
        camel
            .getCamelContextExtension()
            .setEventNotificationApplicable(EventHelper.eventsApplicable(camel));
      }
    };
  }
}
