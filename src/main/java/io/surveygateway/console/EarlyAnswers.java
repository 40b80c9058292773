package io.surveygateway.console;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Makes what is answered before the application is asked like everything else: a request that is no
 * HTTP, or whose query cannot be read, gets a problem in place of Tomcat's page, and that, or what
 * Spring Security's firewall refuses, has the headers that tell browsers to be careful. The
 * application sets its own over these.
 */
@Component
final class EarlyAnswers implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  private static final Map<String, String> HEADERS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cache-Control", "no-cache, no-store, max-age=0, must-revalidate",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");

  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    // Behind Spring Boot's, which would report in HTML.
    factory.addContextCustomizers(
        context -> context.getParent().getPipeline().addValve(new Problem()));
  }

  private static final class Problem extends ErrorReportValve {

    @Override
    public void invoke(Request request, Response response)
        throws IOException, jakarta.servlet.ServletException {
      HEADERS.forEach(response::setHeader);
      if (isBroken(request.getQueryString())) {
        response.sendError(HttpStatus.BAD_REQUEST.value());
        response.setSuspended(false);
        report(request, response, null);
      } else {
        super.invoke(request, response);
      }
    }

    /** Tomcat would leave such a parameter out, and so show what no filter holds back. */
    private static boolean isBroken(@Nullable String query) {
      return query != null && BROKEN_ESCAPE.matcher(query).find();
    }

    /** Only what nobody else has answered, and where somebody is left to hear it. */
    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
      var status = HttpStatus.resolve(response.getStatus());
      if (status == null
          || !status.isError()
          || response.getContentWritten() > 0
          || !response.setErrorReported()) {
        return;
      }
      var canBeHeard = new AtomicBoolean();
      response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, canBeHeard);
      if (!canBeHeard.get()) {
        return;
      }
      try {
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding("UTF-8");
        var writer = response.getReporter();
        if (writer != null) {
          writer.write(
              "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d}"
                  .formatted(status.getReasonPhrase(), status.value()));
          response.finishResponse();
        }
      } catch (IOException | IllegalStateException e) {
        // Whoever asked has gone.
      }
    }
  }
}
