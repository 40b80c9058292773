package io.surveygateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.surveygateway.ProviderSamples.Sample;
import io.surveygateway.event.CanonicalEvents;
import io.surveygateway.event.CatalogueProperties;
import io.surveygateway.proof.HmacProof;
import io.surveygateway.proof.HmacProof.Algorithm;
import io.surveygateway.proof.HmacProof.Encoding;
import io.surveygateway.proof.Keys;
import io.surveygateway.proof.SignedRequest;
import io.surveygateway.proof.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What one request of a provider costs in its proof, in its map route, and in the check against the
 * schema: its own sample, and the same with so many answers that it has 60 KB. Run by {@link
 * MappingBenchIT}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MappingBench {

  private static final String SECRET = "a-secret-of-the-benchmark";
  private static final int LARGE = 60_000;

  /** Those whose answers are in the request: others ask an API meanwhile. */
  @Param({
    "alchemer",
    "delighted",
    "formbricks",
    "jotform",
    "kobotoolbox",
    "popsee",
    "smartermeasure",
    "smartsurvey",
    "standard-webhooks",
    "survicate",
    "tally",
    "typeform"
  })
  public String provider;

  /** Whether it is made to be of 60 KB; where it is no JSON with a list, it stays as it is. */
  @Param({"false", "true"})
  public boolean large;

  private final CanonicalEvents events = new CanonicalEvents(new CatalogueProperties(List.of()));
  private final HmacProof proof =
      new HmacProof(Algorithm.SHA256, "X-Signature", Encoding.HEX, "", Keys.of(SECRET));
  private MapRoute route;
  private Sample sample;
  private byte[] body;
  private SignedRequest signed;
  private List<JsonNode> mapped;

  @Setup
  public void open() throws Exception {
    var samples =
        ProviderSamples.in(Path.of("routes/providers")).stream()
            .filter(each -> each.provider().equals(provider))
            .findFirst()
            .orElseThrow();
    sample =
        samples.found().stream()
            .filter(each -> each.proved().isPresent())
            .findFirst()
            .orElseThrow();
    body = large ? grown(sample.bytes()) : sample.bytes();
    signed = new Signed(body, hmac(body));
    route = new MapRoute(provider, samples.routes(), Map.of());
    mapped = mapping();
  }

  private static String hmac(byte[] body) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body));
  }

  /** The same JSON with its longest list repeated. */
  static byte[] grown(byte[] body) throws IOException {
    var json = new ObjectMapper();
    JsonNode whole;
    try {
      whole = json.readTree(body);
    } catch (IOException noJson) {
      return body;
    }
    var lists = new ArrayList<ArrayNode>();
    collect(whole, lists);
    lists.sort((one, other) -> other.toString().length() - one.toString().length());
    if (lists.isEmpty() || lists.get(0).isEmpty()) {
      return body;
    }
    var longest = lists.get(0);
    var items = longest.deepCopy();
    var missing = LARGE - body.length;
    for (var added = 0; added < missing; added += items.toString().length()) {
      longest.addAll(items.deepCopy());
    }
    return json.writeValueAsBytes(whole);
  }

  private static void collect(JsonNode node, List<ArrayNode> lists) {
    if (node instanceof ArrayNode list) {
      lists.add(list);
    }
    node.forEach(each -> collect(each, lists));
  }

  @TearDown
  public void close() {
    route.close();
  }

  @Benchmark
  public Verdict proof() {
    return proof.judge(signed);
  }

  /** The step that sends into the route included. */
  @Benchmark
  public List<JsonNode> mapping() throws Exception {
    return route.map(body, sample.path(), sample.contentType(), sample.keptHeaders());
  }

  @Benchmark
  public int schema() {
    var members = 0;
    for (var event : mapped) {
      members += events.accept(event).size();
    }
    return members;
  }

  private record Signed(byte[] body, String signature) implements SignedRequest {

    @Override
    public List<String> header(String name) {
      return List.of(signature);
    }

    @Override
    public List<String> query(String name) {
      return List.of();
    }

    @Override
    public List<byte[]> form(String name) {
      return List.of();
    }

    @Override
    public List<byte[]> json(String pointer) {
      return List.of();
    }
  }
}
