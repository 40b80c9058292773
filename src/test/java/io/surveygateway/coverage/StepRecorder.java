package io.surveygateway.coverage;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Notes which steps of {@code routes/} are run, in every Camel context of this JVM: Camel finds it
 * by {@code META-INF/services}.
 */
public final class StepRecorder implements ContextServicePlugin {

  private static final Set<String> RUN = ConcurrentHashMap.newKeySet();

  /** Steps that were run, each by its file and id: {@code routes/router.camel.yaml keep-event}. */
  static Set<String> run() {
    return new TreeSet<>(RUN);
  }

  @Override
  public void load(CamelContext camel) {
    camel
        .getCamelContextExtension()
        .addInterceptStrategy((context, step, target, next) -> recorded(step, target));
  }

  private static Processor recorded(NamedNode step, Processor target) {
    // Copies of the folder that tests make count as the folder.
    var file = String.valueOf(step.getLocation()).replace('\\', '/');
    var routes = ("/" + file.replaceFirst("^file:", "")).lastIndexOf("/routes/");
    if (routes < 0 || step.getId() == null) {
      return target;
    }
    var place = file.replaceFirst("^file:", "").substring(routes) + " " + step.getId();
    return new DelegateAsyncProcessor(target) {
      @Override
      public boolean process(Exchange exchange, AsyncCallback callback) {
        RUN.add(place);
        return super.process(exchange, callback);
      }
    };
  }
}
