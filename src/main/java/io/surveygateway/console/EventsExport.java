package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.store.EventReads;
import io.surveygateway.store.EventReads.Event;
import io.surveygateway.store.EventSearch;
import io.surveygateway.store.Filter;
import io.surveygateway.store.Page;
import io.surveygateway.store.Position;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * Gives all events that match, as a table or as they are, a page of the store at a time: as many as
 * there are, in as much memory as one page takes.
 */
@ConsolePage
final class EventsExport {

  /** Rows read at once; documents alone may be large, so few. */
  private static final int STEP = 50;

  /** More would leave no connection of the store's to others. */
  private static final int AT_ONCE = 2;

  private static final String[] COLUMNS = {
    "id",
    "time",
    "received",
    "provider",
    "type",
    "survey",
    "survey_title",
    "response",
    "status",
    "email",
    "name",
    "external_id",
    "scores",
    "comment",
    "request"
  };

  private interface Row {

    void write(Writer to, Event event, String document, boolean isFirst) throws IOException;
  }

  private final EventReads events;
  private final EventSearch search;
  private final Semaphore running = new Semaphore(AT_ONCE);

  EventsExport(EventReads events, EventSearch search) {
    this.events = events;
    this.search = search;
  }

  @GetMapping("/events.csv")
  void csv(HttpServletRequest request, HttpServletResponse response) throws IOException {
    export(
        request, response, "text/csv", "events.csv", Csv.line(COLUMNS), EventsExport::csvRow, "");
  }

  /** An array of canonical events. */
  @GetMapping("/events.json")
  void json(HttpServletRequest request, HttpServletResponse response) throws IOException {
    export(
        request,
        response,
        "application/json",
        "events.json",
        "[",
        (to, event, document, isFirst) -> to.append(isFirst ? "\n" : ",\n").append(document),
        "\n]\n");
  }

  private static void csvRow(Writer to, Event event, String document, boolean isFirst)
      throws IOException {
    var facts = EventFacts.of(JsonText.read(document));
    to.append(
        Csv.line(
            String.valueOf(event.id()),
            event.time().toString(),
            event.createdAt().toString(),
            event.provider(),
            event.type(),
            event.survey(),
            facts.survey(),
            event.subject(),
            facts.status(),
            facts.email(),
            facts.name(),
            facts.externalId(),
            String.join("; ", facts.scores()),
            facts.comment(),
            String.valueOf(event.requestId())));
  }

  private void export(
      HttpServletRequest request,
      HttpServletResponse response,
      String type,
      String name,
      String head,
      Row row,
      String end)
      throws IOException {
    var query = EventsPages.query(request);
    var filter = query.filter();
    var text = EventsPages.text(query);
    if (!running.tryAcquire()) {
      throw ApiQuery.refuse(
          HttpStatus.SERVICE_UNAVAILABLE,
          "Expected fewer than " + AT_ONCE + " exports at once; try again when one is through");
    }
    try {
      // The first page before anything is said: a store that is away is an error, not half a file.
      var page = next(filter, text, null);
      response.setContentType(type);
      response.setCharacterEncoding(UTF_8.name());
      response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"");
      var to = new BufferedWriter(new OutputStreamWriter(response.getOutputStream(), UTF_8));
      to.append(head);
      var isFirst = true;
      while (true) {
        var documents = events.documents(page.items().stream().map(Event::id).toList());
        for (var event : page.items()) {
          var document = documents.get(event.id());
          if (document != null) {
            row.write(to, event, document, isFirst);
            isFirst = false;
          }
        }
        if (page.next() == null) {
          break;
        }
        page = next(filter, text, page.next());
      }
      to.append(end);
      to.flush();
    } finally {
      running.release();
    }
  }

  private Page<Event> next(Filter filter, @Nullable String text, @Nullable Position after) {
    return text == null
        ? events.page(filter, after, STEP)
        : search.look(filter, text, after, STEP).page();
  }
}
