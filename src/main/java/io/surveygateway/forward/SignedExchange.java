package io.surveygateway.forward;

import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * Signs what goes out, over the very bytes that are sent, and hears of the answer no more than its
 * head.
 *
 * <p>{@code webhook-id} is made of the bytes of the event, so it is the same each time that the
 * event is sent, and another one where the event was mapped anew. The whole exchange, the answer
 * included, ends after a while, however slowly the other side trickles.
 */
final class SignedExchange implements ExecChainHandler {

  /** A larger answer costs the connection, and is not read. */
  static final int MOST_ANSWER = 16 * 1024;

  private final ForwardSettings settings;
  private final Clock clock;
  private final Duration longest;

  SignedExchange(ForwardSettings settings, Clock clock, Duration longest) {
    this.settings = settings;
    this.clock = clock;
    this.longest = longest;
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    if (!"https".equalsIgnoreCase(request.getScheme()) && !settings.allowPrivate()) {
      throw new FailureException(
          Failure.permanent("Expected to forward by https, and a step of the route says http"));
    }
    sign(request);
    var end = new CompletableFuture<Void>().orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS);
    end.whenComplete((done, late) -> cancelIf(late != null, scope));
    try {
      var answer = chain.proceed(request, scope);
      forgetBody(answer, scope);
      return answer;
    } catch (IOException | RuntimeException e) {
      if (end.isCompletedExceptionally()) {
        // What a call says that was cut off from outside differs by the moment.
        var late = new InterruptedIOException("No answer within " + longest);
        late.initCause(e);
        throw late;
      }
      throw e;
    } finally {
      end.complete(null);
    }
  }

  private void sign(ClassicHttpRequest request) throws IOException {
    var entity = request.getEntity();
    if (entity == null) {
      throw new IllegalStateException("Expected a body to forward");
    }
    var body = EntityUtils.toByteArray(entity);
    request.setEntity(new ByteArrayEntity(body, ContentType.parse(entity.getContentType())));
    settings.signer().headers(id(body), clock.instant(), body).forEach(request::setHeader);
  }

  /** Half of the hash: 128 bits are plenty, since nobody gains by two events with one id. */
  private static String id(byte[] body) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(body);
      return "evt_" + HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected Java to have SHA-256", e);
    }
  }

  private static void cancelIf(boolean isLate, ExecChain.Scope scope) {
    if (isLate && scope.originalRequest instanceof Cancellable call) {
      call.cancel();
    }
  }

  /**
   * The head has said all; what becomes of the rest changes nothing. Closing it would read it to
   * its end, however far that is.
   */
  private static void forgetBody(ClassicHttpResponse answer, ExecChain.Scope scope) {
    var entity = answer.getEntity();
    if (entity == null) {
      return;
    }
    answer.setEntity(null);
    try {
      var content = entity.getContent();
      content.readNBytes(MOST_ANSWER);
      if (content.read() < 0) {
        return;
      }
    } catch (IOException cut) {
      // As good as too long.
    }
    scope.execRuntime.discardEndpoint();
  }
}
