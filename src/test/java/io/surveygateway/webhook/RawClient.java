package io.surveygateway.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Speaks to the public port byte by byte, without an HTTP client's manners. */
final class RawClient implements AutoCloseable {

  /** Longest wait for anything to come; a test that meets it fails. */
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  /** What came back; header names in lower case. */
  record Reply(int status, Map<String, String> headers, String body) {

    String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** All of it, to look for what must not be in it. */
    String everything() {
      return status + "\n" + headers + "\n" + body;
    }
  }

  RawClient(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param text one byte each character
   */
  RawClient send(String text) {
    return send(text.getBytes(ISO_8859_1));
  }

  RawClient send(byte[] bytes) {
    return send(bytes, 0, bytes.length);
  }

  RawClient send(byte[] bytes, int from, int to) {
    try {
      socket.getOutputStream().write(bytes, from, to - from);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Sends as much as it is let, for a server that may hang up meanwhile. */
  RawClient sendIfHeard(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException hungUp) {
      // What it answered before is still to be read.
    }
    return this;
  }

  RawClient post(String path, String body) {
    var length = body.getBytes(ISO_8859_1).length;
    return send(
        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, length, body));
  }

  /** Whether something came back that was not read yet. */
  boolean hasAnswer() {
    try {
      return in.available() > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Reply reply() {
    return reply(false);
  }

  /** The answer to a HEAD request, which has no body whatever its headers say. */
  Reply replyToHead() {
    return reply(true);
  }

  private Reply reply(boolean toHead) {
    var status = line();
    if (!status.startsWith("HTTP/1.1 ")) {
      throw new AssertionError("Expected an HTTP answer, got: " + status);
    }
    var headers = new LinkedHashMap<String, String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      var colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (one, other) -> one + ", " + other);
    }
    var length = toHead ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
    try {
      var body = new String(in.readNBytes(length), ISO_8859_1);
      return new Reply(Integer.parseInt(status.substring(9, 12)), headers, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads to the end of the connection; fails if it stays open. */
  String untilClosed() {
    var rest = new ByteArrayOutputStream();
    try {
      in.transferTo(rest);
    } catch (SocketException reset) {
      // Closed all the same.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rest.toString(ISO_8859_1);
  }

  /** Says that no more comes, and still listens. */
  RawClient finish() {
    try {
      socket.shutdownOutput();
    } catch (IOException hungUp) {
      // What it answered before is still to be read.
    }
    return this;
  }

  /** Hangs up without a word: the other side gets a reset. */
  void abort() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() {
    var line = new StringBuilder();
    try {
      for (var next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new AssertionError("The connection was closed after: " + line);
        }
        if (next != '\r') {
          line.append((char) next);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
