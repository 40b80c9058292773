package io.surveygateway.trial;

import java.util.function.Supplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Goes with each step of the routes: says which one runs, notes which one failed, asks the watch.
 */
final class Steps implements InterceptStrategy {

  private final Supplier<Notes> notes;

  Steps(Supplier<Notes> notes) {
    this.notes = notes;
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode step, Processor target, @Nullable Processor next) {
    return new DelegateAsyncProcessor(target) {
      @Override
      public boolean process(Exchange exchange, AsyncCallback callback) {
        var running = notes.get();
        // What handles a failure goes on to its end.
        if (exchange.getProperty(Exchange.EXCEPTION_CAUGHT) == null) {
          try {
            running.watch().step();
          } catch (Watch.OverException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
          }
        }
        exchange.setProperty(Notes.STEP, step);
        return super.process(
            exchange,
            doneSync -> {
              if (exchange.getException() != null) {
                running.failed(exchange.getException(), step);
              }
              callback.done(doneSync);
            });
      }
    };
  }

  /** File and line of a step, as far as Camel knows them. */
  static @Nullable String placeOf(@Nullable NamedNode step) {
    if (step == null || step.getLocation() == null) {
      return null;
    }
    var file = step.getLocation().replaceFirst("^file:", "").replaceFirst(":\\d+$", "");
    return step.getLineNumber() > 0 ? file + ", line " + step.getLineNumber() : file;
  }
}
