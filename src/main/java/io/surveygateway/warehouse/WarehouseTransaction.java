package io.surveygateway.warehouse;

import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.TransactedPolicy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs the steps of a {@code transacted} block in one transaction, which an exception rolls back.
 *
 * <p>Camel's own {@code SpringTransactionPolicy} does so too, and puts an error handler round the
 * block that logs each failure with the database's words, in which PostgreSQL quotes what a
 * respondent wrote. YAML cannot say otherwise: at 4.17.0 {@code springTransactionErrorHandler} is
 * read as the JTA one. Here the exception stays on the exchange, for the outbox to judge.
 */
final class WarehouseTransaction implements TransactedPolicy {

  private final TransactionTemplate transaction;

  WarehouseTransaction(PlatformTransactionManager transactions) {
    this.transaction = new TransactionTemplate(transactions);
  }

  @Override
  public void beforeWrap(Route route, NamedNode definition) {
    // Nothing to prepare.
  }

  @Override
  public Processor wrap(Route route, Processor steps) {
    return exchange -> runAsOne(steps, exchange);
  }

  private void runAsOne(Processor steps, Exchange exchange) {
    // Spring ties a transaction to the thread: tells Camel to stay on it.
    exchange.getUnitOfWork().beginTransactedBy(this);
    try {
      transaction.executeWithoutResult(
          status -> {
            try {
              steps.process(exchange);
            } catch (Exception e) {
              exchange.setException(e);
            }
            if (exchange.getException() != null || exchange.isRollbackOnly()) {
              status.setRollbackOnly();
            }
          });
    } catch (TransactionException e) {
      if (exchange.getException() == null) {
        throw e;
      }
      // The rollback failed too, and what it was for says more: SQLite, on a full disk, has rolled
      // back by itself and finds nothing to roll back.
      exchange.getException().addSuppressed(e);
    } finally {
      exchange.getUnitOfWork().endTransactedBy(this);
    }
  }
}
