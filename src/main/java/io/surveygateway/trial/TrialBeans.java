package io.surveygateway.trial;

import com.fasterxml.jackson.databind.JsonNode;
import io.surveygateway.event.SurveyJson;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import io.surveygateway.inbox.SetAsideStep;
import io.surveygateway.surveymonkey.CallAccount;
import io.surveygateway.surveymonkey.CallBudget;
import io.surveygateway.surveymonkey.SurveyMonkeyAnswer;
import io.surveygateway.surveymonkey.SurveyMonkeyHttp;
import io.surveygateway.surveymonkey.SurveyMonkeyTogether;
import io.surveygateway.surveymonkey.SurveyMonkeyTurn;
import io.surveygateway.trial.Trial.Answers;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.Function;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.http.HttpConstants;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.TransactedPolicy;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * The beans that routes name, for a trial: those of the gateway, but for the few that keep, count
 * or commit something.
 *
 * <p>By their names alone: of all beans of a type Camel gets jq's functions, and nothing else of
 * the gateway. No component, data format or language of the running gateway comes along.
 */
final class TrialBeans implements BeanRepository {

  private static final Pattern CAMELS =
      Pattern.compile(".*-(component|dataformat|language|customizer)|camelContext");

  private final ListableBeanFactory gateway;
  private final Map<String, Object> own = new HashMap<>();

  /**
   * @param notes of the trial that runs
   */
  TrialBeans(ListableBeanFactory gateway, Supplier<Notes> notes, Clock clock) {
    this.gateway = gateway;
    own.put("jq-language", new WatchedJq(() -> notes.get().watch().jqStep()));
    own.put("keepEvent", new NotedKeepEvent(gateway.getBean("keepEvent", Processor.class), notes));
    own.put("setAside", new NotedSetAside(notes));
    own.put("warehouseTransaction", new NoTransaction());
    own.put("forwardAddress", (Processor) TrialBeans::nameForwardAddress);
    var budget = new TrialBudget(notes);
    var json = SurveyJson.mapper();
    own.put("surveyMonkeyTurn", new SurveyMonkeyTurn(budget, new SurveyMonkeyAnswer(json)));
    own.put("surveyMonkeyTogether", new SurveyMonkeyTogether(budget, json, clock));
    own.put("surveyMonkeyHttp", new SurveyMonkeyHttp(budget));
  }

  /** The address may hold a key, and may not be set. */
  private static void nameForwardAddress(Exchange exchange) {
    exchange.getMessage().setHeader(HttpConstants.HTTP_URI, "{gateway.forward.url}");
  }

  @Override
  public @Nullable Object lookupByName(String name) {
    return lookupByNameAndType(name, Object.class);
  }

  @Override
  public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
    var ours = own.get(name);
    if (ours != null) {
      return type.isInstance(ours) ? type.cast(ours) : null;
    }
    if (CAMELS.matcher(name).matches() || !gateway.containsBean(name)) {
      return null;
    }
    var bean = gateway.getBean(name);
    return type.isInstance(bean) && !(bean instanceof Component || bean instanceof Endpoint)
        ? type.cast(bean)
        : null;
  }

  @Override
  public <T> Map<String, T> findByTypeWithName(Class<T> type) {
    return type == Function.class ? gateway.getBeansOfType(type) : Map.of();
  }

  @Override
  public <T> Set<T> findByType(Class<T> type) {
    return Set.copyOf(findByTypeWithName(type).values());
  }

  /** Lets a trial tell what the mapping made, also of an event that is refused. */
  private record NotedKeepEvent(Processor real, Supplier<Notes> notes) implements Processor {

    @Override
    public void process(Exchange exchange) throws Exception {
      var mapped = exchange.getMessage().getBody();
      var copy = mapped instanceof JsonNode json ? json.deepCopy() : null;
      exchange.setProperty(Notes.MAPPED, mapped);
      real.process(exchange);
      if (copy != null) {
        notes.get().made(copy);
      }
    }
  }

  /** The same step as in earnest, noting what was thrown. */
  public static final class NotedSetAside implements Processor {

    private final SetAsideStep real = new SetAsideStep();
    private final Supplier<Notes> notes;

    NotedSetAside(Supplier<Notes> notes) {
      this.notes = notes;
    }

    /** As a route asks. */
    public boolean willNeverWork(Exchange exchange) {
      return real.willNeverWork(exchange);
    }

    @Override
    public void process(Exchange exchange) {
      notes
          .get()
          .setAside(exchange, exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
      real.process(exchange);
    }
  }

  private static final class NoTransaction implements TransactedPolicy {

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
      // Nothing to prepare.
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
      return steps;
    }
  }

  /** Each event asks alone and at once; a call that is really made is one of the real budget. */
  private final class TrialBudget implements CallBudget {

    private final Supplier<Notes> notes;

    TrialBudget(Supplier<Notes> notes) {
      this.notes = notes;
    }

    private boolean isReal() {
      return notes.get().answers() == Answers.FETCHED;
    }

    private CallBudget real() {
      return gateway.getBean(CallBudget.class);
    }

    @Override
    public Turn turn(Asker asker) {
      var wait = isReal() ? real().callBeside(0) : null;
      if (wait != null) {
        throw new FailureException(
            Failure.permanent("No call of SurveyMonkey's API is left for a try: " + wait.reason()));
      }
      return Turn.of(Kind.ALONE);
    }

    @Override
    public CallAccount.@Nullable Wait callBeside(int spare) {
      return null;
    }

    @Override
    public void heard(int status, Map<String, String> headers) {
      if (isReal()) {
        real().heard(status, headers);
      }
    }

    @Override
    public void keep(Asker asker, boolean hasOwn, Map<String, byte[]> responses) {
      // Nothing is asked for together.
    }
  }
}
