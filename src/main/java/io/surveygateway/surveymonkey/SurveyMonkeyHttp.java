package io.surveygateway.surveymonkey;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
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
 * Makes the HTTP client that asks SurveyMonkey's API careful: one call for one try, no redirect
 * that would carry the token along, no cookie, no answer over {@value #MOST_BYTES} bytes.
 *
 * <p>The client would otherwise wait out a 429 on its own, in the thread of the route, and count it
 * for nothing. Answers come uncompressed, so that what is counted is what is held. What an answer's
 * headers say of the API's limits is told to the {@link CallBudget}, whatever the route makes of
 * it.
 */
@Component("surveyMonkeyHttp")
public final class SurveyMonkeyHttp implements HttpClientConfigurer {

  /** A response to a survey of a thousand questions has less than one tenth of it. */
  static final long MOST_BYTES = 8 * 1024 * 1024;

  private final CallBudget budget;

  public SurveyMonkeyHttp(CallBudget budget) {
    this.budget = budget;
  }

  @Override
  public void configureHttpClient(HttpClientBuilder builder) {
    builder
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .addResponseInterceptorFirst(SurveyMonkeyHttp::bound)
        // Before the other: an answer that is refused for its size has headers too.
        .addResponseInterceptorFirst(this::hear);
  }

  private void hear(HttpResponse response, EntityDetails details, HttpContext context) {
    var headers = new HashMap<String, String>();
    for (var header : response.getHeaders()) {
      headers.putIfAbsent(header.getName(), header.getValue());
    }
    budget.heard(response.getCode(), headers);
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
