package io.surveygateway.standin;

/** A page for people, whole in itself: nothing is loaded, nothing runs. */
final class Page {

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --line: #d0d4da; --soft: #5c6570; --card: #fff; --back: #f3f5f7; }
      @media (prefers-color-scheme: dark) {
        :root { --line: #3a414a; --soft: #a2acb8; --card: #1d2228; --back: #14181c; }
      }
      * { box-sizing: border-box; }
      body { margin: 0; padding: 1.5rem; background: var(--back); color: CanvasText;
        font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
      main { max-width: 76rem; margin: 0 auto; }
      h1 { font-size: 1.3rem; margin: 0 0 .25rem; }
      h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
      .soft, time { color: var(--soft); font-size: .87rem; }
      .card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
        padding: .75rem 1rem; margin: .75rem 0; }
      .card h3 { margin: .25rem 0; font-size: 1.05rem; }
      .card p { margin: .35rem 0; white-space: pre-wrap; }
      .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .35rem 1rem; }
      .mention { background: #fde8a6; color: #5c3b00; border-radius: .2rem; padding: 0 .2rem; }
      .button { display: inline-block; border: 1px solid var(--line); border-radius: .3rem; padding: .1rem .6rem; }
      code { font-family: ui-monospace, monospace; font-size: .9em; }
      hr { border: 0; border-top: 1px solid var(--line); }
      .scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
      table { border-collapse: collapse; width: 100%; font-size: .9rem; }
      th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
      th { white-space: nowrap; } td { max-width: 22rem; }
      """;

  private Page() {}

  /** A page that shows itself anew every few seconds; the body is HTML already. */
  static String of(String title, String body) {
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="refresh" content="5">
    <title>%s</title>
    <style>
    %s</style>
    </head>
    <body><main>
    <h1>%s</h1>
    %s</main></body>
    </html>
    """
        .formatted(escape(title), STYLE, escape(title), body);
  }

  /** Text as HTML, fit for content and for attributes in double quotes. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
