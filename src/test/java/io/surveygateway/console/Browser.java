package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** A person's browser without its scripts: keeps cookies, follows redirects, sends forms. */
public final class Browser {

  private final URI root;
  private final CookieManager cookies = new CookieManager();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(cookies)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  /**
   * @param root address of the private port
   */
  public Browser(URI root) {
    this.root = root;
  }

  /** What is shown, wherever the browser ended up. */
  public record Shown(int status, URI at, HttpResponse<String> response) {

    public Document page() {
      return Jsoup.parse(response.body(), at.toString());
    }

    /** All that a person reads. */
    String text() {
      return page().body().text();
    }

    Element first(String css) {
      var found = page().selectFirst(css);
      if (found == null) {
        throw new AssertionError("Expected " + css + " at " + at + ", got: " + text());
      }
      return found;
    }

    List<String> texts(String css) {
      return page().select(css).eachText();
    }
  }

  public Browser logIn(String password) {
    var login = open("/login");
    submit(login, "form", Map.of("username", "admin", "password", password));
    return this;
  }

  /** Value of a cookie that it keeps. */
  String cookie(String name) {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals(name))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElse("");
  }

  public Shown open(String path) {
    return send(HttpRequest.newBuilder(root.resolve(path)));
  }

  /** As the page's script does to show a page anew. */
  Shown lookAgain(String path) {
    return send(HttpRequest.newBuilder(root.resolve(path)).header("HX-Request", "true"));
  }

  /**
   * @param css of the form, or of a button in it, which then is pressed
   * @param typed values of fields by name; the others stay as the page has them
   */
  Shown submit(Shown shown, String css, Map<String, String> typed) {
    var chosen = shown.first(css);
    var form = chosen.tagName().equals("form") ? chosen : chosen.closest("form");
    var pairs = new ArrayList<String>();
    for (var field : form.select("input[name], select[name], textarea[name]")) {
      var name = field.attr("name");
      var isOff =
          field.attr("type").equals("checkbox")
              && !field.hasAttr("checked")
              && !typed.containsKey(name + "=" + field.val());
      if (field.attr("type").equals("radio")
          && (typed.containsKey(name)
              ? !typed.get(name).equals(field.val())
              : !field.hasAttr("checked"))) {
        continue;
      }
      if (!isOff) {
        pairs.add(pair(name, typed.getOrDefault(name, field.val())));
      }
    }
    if (chosen != form && chosen.hasAttr("name")) {
      pairs.add(pair(chosen.attr("name"), chosen.val()));
    }
    var body = String.join("&", pairs);
    var action =
        root.resolve(
            chosen.hasAttr("formaction") ? chosen.attr("formaction") : form.attr("action"));
    return form.attr("method").equalsIgnoreCase("post")
        ? send(
            HttpRequest.newBuilder(action)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Sec-Fetch-Site", "same-origin")
                .POST(BodyPublishers.ofString(body)))
        : send(HttpRequest.newBuilder(URI.create(action + "?" + body)));
  }

  private static String pair(String name, String value) {
    return URLEncoder.encode(name, UTF_8) + "=" + URLEncoder.encode(value, UTF_8);
  }

  Shown send(HttpRequest.Builder request) {
    try {
      var response =
          http.send(
              request.header("Accept", "text/html,*/*;q=0.8").build(),
              BodyHandlers.ofString(UTF_8));
      return new Shown(response.statusCode(), response.uri(), response);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
