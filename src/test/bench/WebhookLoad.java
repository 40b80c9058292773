import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sends signed Popsee webhooks over connections that are kept open, the next on each as soon as the
 * last is answered: one thread, and all requests are made before the clock starts, so that it takes
 * little of what is measured.
 *
 * <p>Run from its source, in a process of its own. It takes orders at its standard input, a line
 * each, and answers each with a line:
 *
 * <ul>
 *   <li>{@code prepare <port> <connections> <first> <requests>}: signs so many; their ids end in the
 *       numbers from first on. Answers {@code ready}.
 *   <li>{@code go <milliseconds> <file> <pace>}: sends until the time is over, or all are sent. Writes
 *       the numbers of those that were answered 200 to the file, as the bytes of a {@link BitSet}.
 *       Answers {@code done <answered 200> <others> <nanoseconds> <p50> <p99> <worst>}, these in
 *       microseconds. With a pace other than 0 so many a second fall due, whether or not those before
 *       are answered, and each one's time counts from then.
 * </ul>
 */
final class WebhookLoad {

  private static final String BODY =
      "{\"event\":\"response.completed\",\"timestamp\":\"2026-03-02T09:16:55.000Z\",\"origin\":\"web\","
          + "\"survey\":{\"id\":\"3d0c9a52-6a60-4b1e-9a1f-6d1f5b0c7e11\",\"name\":\"Checkout"
          + " feedback\"},\"response\":{\"id\":\"b6f1d3aa-2f57-4d0a-8c7f-%012d\",\"answers\":[{"
          + "\"questionId\":\"q-recommend\",\"value\":9},{\"questionId\":\"q-comment\",\"value\":\"Quick"
          + " and kind\"}],\"customParams\":{\"userId\":\"user_%d\",\"email\":\"r%d@example.org\","
          + "\"plan\":\"pro\"},\"completedAt\":\"2026-03-02T09:16:54.812Z\",\"pageUrl\":"
          + "\"https://shop.example.org/checkout\"}}";

  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(US_ASCII);

  /** One connection, with one request under way at a time. */
  private final class Connection {

    final SocketChannel channel;
    final byte[] answer = new byte[8192];
    final ByteBuffer in = ByteBuffer.allocateDirect(answer.length);
    int size;
    int sending;
    long sentAt;

    Connection() throws IOException {
      channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    /**
     * @param since its time counts from then
     */
    void send(long since) throws IOException {
      sending = next++;
      size = 0;
      sentAt = since;
      slab.limit(ends[sending]).position(sending == 0 ? 0 : ends[sending - 1]);
      while (slab.hasRemaining()) {
        channel.write(slab);
      }
    }

    /** Whether an answer has come whole. */
    boolean read() throws IOException {
      in.clear();
      var bytes = channel.read(in);
      if (bytes < 0) {
        throw new IOException("The connection was closed after " + next + " requests");
      }
      in.flip().get(answer, size, bytes);
      size += bytes;
      var head = indexOf(END_OF_HEAD, 0);
      return head >= 0 && size >= head + END_OF_HEAD.length + length(head);
    }

    private int length(int head) {
      var at = indexOf(LENGTH, 0);
      if (at < 0 || at > head) {
        throw new IllegalStateException(
            "Expected an answer with its length, got " + new String(answer, 0, size, US_ASCII));
      }
      var length = 0;
      for (at += LENGTH.length; answer[at] != '\r'; at++) {
        length = answer[at] == ' ' ? length : 10 * length + answer[at] - '0';
      }
      return length;
    }

    /** In any case of letters. */
    private int indexOf(byte[] wanted, int from) {
      for (var at = from; at <= size - wanted.length; at++) {
        var i = 0;
        while (i < wanted.length
            && (answer[at + i] >= 'A' && answer[at + i] <= 'Z'
                    ? answer[at + i] + ('a' - 'A')
                    : answer[at + i])
                == wanted[i]) {
          i++;
        }
        if (i == wanted.length) {
          return at;
        }
      }
      return -1;
    }

    boolean isOk() {
      return answer[9] == '2' && answer[10] == '0' && answer[11] == '0';
    }
  }

  private final Selector selector = Selector.open();
  private final String secret;
  private ByteBuffer slab = ByteBuffer.allocateDirect(0);
  private int[] ends = new int[0];
  private int port;
  private int connections;
  private int first;
  private int next;

  private WebhookLoad(String secret) throws IOException {
    this.secret = secret;
  }

  public static void main(String[] args) throws Exception {
    var load = new WebhookLoad(System.getenv("POPSEE_SECRET"));
    var orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (var order = orders.readLine(); order != null; order = orders.readLine()) {
      var words = order.split(" ");
      System.out.println(
          words[0].equals("prepare")
              ? load.prepare(number(words[1]), number(words[2]), number(words[3]), number(words[4]))
              : load.go(number(words[1]), Path.of(words[2]), number(words[3])));
    }
  }

  private static int number(String word) {
    return Integer.parseInt(word);
  }

  private String prepare(int port, int connections, int first, int requests) throws Exception {
    this.port = port;
    this.connections = connections;
    this.first = first;
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    ends = new int[requests];
    for (var n = 0; n < requests; n++) {
      var request = request(mac, first + n);
      if (n == 0 && slab.capacity() < requests * (request.length + 20)) {
        slab = ByteBuffer.allocateDirect(requests * (request.length + 20));
      }
      slab.limit(slab.capacity()).position(n == 0 ? 0 : ends[n - 1]);
      slab.put(request);
      ends[n] = slab.position();
    }
    return "ready";
  }

  private static byte[] request(Mac mac, int n) {
    var body = BODY.formatted(n, n, n).getBytes(UTF_8);
    var head =
        "POST /webhooks/popsee HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "X-Popsee-Signature: sha256="
            + HexFormat.of().formatHex(mac.doFinal(body))
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    var request = Arrays.copyOf(head.getBytes(US_ASCII), head.length() + body.length);
    System.arraycopy(body, 0, request, head.length(), body.length);
    return request;
  }

  private String go(int millis, Path file, int pace) throws IOException {
    var took = new int[ends.length];
    var answered = new BitSet();
    var count = 0;
    next = 0;
    var start = System.nanoTime();
    var end = start + millis * 1_000_000L;
    var idle = new ArrayDeque<Connection>();
    for (var i = 0; i < Math.min(connections, ends.length); i++) {
      idle.add(new Connection());
    }
    var last = start;
    while (count < next || isMore(end)) {
      while (!idle.isEmpty() && isMore(end) && due(start, pace) <= System.nanoTime()) {
        idle.remove().send(pace == 0 ? System.nanoTime() : due(start, pace));
      }
      if (pace == 0) {
        selector.select();
      } else {
        selector.select(1);
      }
      for (var key : selector.selectedKeys()) {
        var connection = (Connection) key.attachment();
        if (connection.read()) {
          last = System.nanoTime();
          took[count++] = (int) ((last - connection.sentAt) / 1000);
          if (connection.isOk()) {
            answered.set(first + connection.sending);
          }
          idle.add(connection);
        }
      }
      selector.selectedKeys().clear();
    }
    for (var key : selector.keys()) {
      key.channel().close();
    }
    selector.selectNow();
    write(answered, file);
    Arrays.sort(took, 0, count);
    return "done %d %d %d %d %d %d"
        .formatted(
            answered.cardinality(),
            count - answered.cardinality(),
            last - start,
            took[count / 2],
            took[(int) (count * 0.99)],
            took[count - 1]);
  }

  private boolean isMore(long end) {
    return next < ends.length && System.nanoTime() < end;
  }

  /** When the next one is to be sent: at once, where there is no pace. */
  private long due(long start, int pace) {
    return pace == 0 ? start : start + next * 1_000_000_000L / pace;
  }

  private static void write(BitSet answered, Path file) throws IOException {
    Files.write(file, answered.toByteArray());
  }
}
