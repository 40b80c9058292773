package io.surveygateway.inbox;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.springframework.stereotype.Component;

/**
 * Makes the HTTP client that asks a provider's API careful: one call for one try, no redirect that
 * would carry the token along, no cookie, no answer over {@value #MOST_BYTES} bytes. A route names
 * it at its HTTP endpoint: {@code httpClientConfigurer: "#carefulHttp"}.
 *
 * <p>The client would otherwise wait out a 429 on its own, in the thread of the route. Answers come
 * uncompressed, so that what is counted is what is held. Keeps no state.
 */
@Component(CarefulHttp.BEAN)
public final class CarefulHttp implements HttpClientConfigurer {

  /** Name of the bean. */
  public static final String BEAN = "carefulHttp";

  /** A response to a survey of a thousand questions has less than one tenth of it. */
  public static final long MOST_BYTES = 8 * 1024 * 1024;

  @Override
  public void configureHttpClient(HttpClientBuilder builder) {
    builder
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .addResponseInterceptorFirst(CarefulHttp::bound);
  }

  private static void bound(HttpResponse response, EntityDetails details, HttpContext context)
      throws IOException {
    if (!(response instanceof ClassicHttpResponse answer) || answer.getEntity() == null) {
      return;
    }
    if (answer.getFirstHeader("Content-Encoding") != null) {
      throw new IOException("Expected an uncompressed answer, and got a compressed one");
    }
    if (answer.getEntity().getContentLength() > MOST_BYTES) {
      throw new AnswerTooLargeException(MOST_BYTES);
    }
    answer.setEntity(new BoundedEntity(answer.getEntity()));
  }

  private static final class BoundedEntity extends HttpEntityWrapper {

    BoundedEntity(HttpEntity entity) {
      super(entity);
    }

    @Override
    public InputStream getContent() throws IOException {
      return new BoundedStream(super.getContent());
    }
  }

  /** Ends in an exception where a stream without an announced length is too long. */
  private static final class BoundedStream extends FilterInputStream {

    private long left = MOST_BYTES;

    BoundedStream(InputStream stream) {
      super(stream);
    }

    @Override
    public int read() throws IOException {
      var read = super.read();
      if (read >= 0) {
        count(1);
      }
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      var read = super.read(bytes, offset, length);
      if (read > 0) {
        count(read);
      }
      return read;
    }

    private void count(int read) throws IOException {
      left -= read;
      if (left < 0) {
        throw new AnswerTooLargeException(MOST_BYTES);
      }
    }
  }
}
