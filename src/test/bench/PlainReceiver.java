import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The benchmark's reference where there is no Node: checks a Popsee webhook's signature, inserts the
 * event once, and answers 200 when PostgreSQL has committed it.
 *
 * <p>Run from its source, with PostgreSQL's driver on the class path.
 */
final class PlainReceiver {

  private static final String ID = "\"response\":{\"id\":\"";

  private final SecretKeySpec secret =
      new SecretKeySpec(System.getenv("POPSEE_SECRET").getBytes(UTF_8), "HmacSHA256");
  private final BlockingQueue<PreparedStatement> inserts;

  private PlainReceiver(int connections) throws SQLException {
    inserts = new ArrayBlockingQueue<>(connections);
    for (var i = 0; i < connections; i++) {
      inserts.add(
          connect()
              .prepareStatement(
                  "INSERT INTO webhook (event_id, body) VALUES (?, ?) ON CONFLICT (event_id) DO"
                      + " NOTHING"));
    }
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(System.getenv("JDBC_URL"));
  }

  public static void main(String[] args) throws Exception {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE webhook (event_id TEXT PRIMARY KEY, body BYTEA NOT NULL, received_at"
              + " TIMESTAMPTZ NOT NULL DEFAULT now())");
    }
    var receiver = new PlainReceiver(Integer.parseInt(System.getenv("CONNECTIONS")));
    var port = Integer.parseInt(System.getenv("PORT"));
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.setExecutor(Executors.newFixedThreadPool(64));
    server.createContext("/webhooks/popsee", receiver::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(status(exchange, body), -1);
    }
  }

  private int status(HttpExchange exchange, byte[] body) {
    try {
      if (!isSigned(exchange.getRequestHeaders().getFirst("X-Popsee-Signature"), body)) {
        return 401;
      }
      keep(body);
      return 200;
    } catch (GeneralSecurityException | SQLException | InterruptedException e) {
      e.printStackTrace();
      return 503;
    }
  }

  private boolean isSigned(String signature, byte[] body) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(secret);
    var expected = "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    return signature != null
        && MessageDigest.isEqual(expected.getBytes(US_ASCII), signature.getBytes(US_ASCII));
  }

  private void keep(byte[] body) throws SQLException, InterruptedException {
    var text = new String(body, UTF_8);
    var start = text.indexOf(ID) + ID.length();
    var insert = inserts.take();
    try {
      insert.setString(1, text.substring(start, text.indexOf('"', start)));
      insert.setBytes(2, body);
      insert.executeUpdate();
    } finally {
      inserts.add(insert);
    }
  }
}
