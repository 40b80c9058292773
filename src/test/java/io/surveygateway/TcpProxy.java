package io.surveygateway;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A wire between two sides on the loopback, which a test cuts, or makes swallow everything. */
public final class TcpProxy implements AutoCloseable {

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private volatile CountDownLatch passes = new CountDownLatch(0);

  /**
   * @param target port of the other side
   */
  public TcpProxy(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("proxy", this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Resets all connections, and each new one. */
  public void cut() {
    cut = true;
    open.forEach(TcpProxy::closeQuietly);
  }

  /** Keeps all connections, and lets nothing through: a cable that is pulled. */
  public void swallow() {
    passes = new CountDownLatch(1);
  }

  /** All is well again; what was swallowed arrives late. */
  public void mend() {
    cut = false;
    passes.countDown();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var from = server.accept();
        open.add(from);
        if (cut) {
          closeQuietly(from);
          continue;
        }
        var to = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(to);
        start("proxy-there", () -> copy(from, to));
        start("proxy-back", () -> copy(to, from));
      } catch (IOException e) {
        // Closed, or the other side is away: the next one may do better.
        continue;
      }
    }
  }

  private void copy(Socket from, Socket to) {
    var buffer = new byte[16_384];
    try (from;
        to) {
      for (var n = from.getInputStream().read(buffer);
          n >= 0;
          n = from.getInputStream().read(buffer)) {
        passes.await();
        to.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException | InterruptedException e) {
      // Cut, or closed by one side: so is the other one now.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static void start(String name, Runnable work) {
    var thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // It is gone, which is what was asked for.
    }
  }

  @Override
  public void close() {
    cut();
    passes.countDown();
    closeQuietly(server);
  }
}
