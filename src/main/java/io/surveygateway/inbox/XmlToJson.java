package io.surveygateway.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.io.ByteArrayInputStream;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Reads a stored body as XML and makes JSON of it, for the providers that send XML: the bean {@code
 * xmlToJson}.
 *
 * <p>The body is bytes; their encoding is what the XML declaration says, or UTF-8. It becomes one
 * JSON object with one member, the root element, so that jq reads it like any other body:
 *
 * <ul>
 *   <li>An element with elements or attributes becomes an object; its own text, where it has any,
 *       the member {@code #text}.
 *   <li>An element with text alone becomes that text, without the white space round it. There are
 *       no numbers in XML: the mapping makes them.
 *   <li>An element with nothing, or with {@code xsi:nil}, becomes null; a root with nothing, an
 *       empty object.
 *   <li>Elements of one name in one element become an array. One alone does not: the mapping takes
 *       either.
 *   <li>Names are without namespaces and prefixes.
 * </ul>
 *
 * <p>Refused, each with a permanent failure that says where and quotes nothing: what is no
 * well-formed XML; a DOCTYPE, and so every entity of one's own and everything external; nesting
 * deeper than {@value #DEEPEST} levels; more than {@value #MOST_NODES} elements and attributes. How
 * large a body may be is the public port's concern. Keeps no state: one instance serves every
 * thread.
 */
@Component(XmlToJson.BEAN)
public final class XmlToJson implements Processor {

  /** Name of the bean. */
  public static final String BEAN = "xmlToJson";

  private static final int DEEPEST = 100;

  private static final int MOST_NODES = 200_000;

  /** Not a member name that XML can have. */
  private static final String TEXT = "#text";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final XMLInputFactory factory;

  public XmlToJson() {
    // The JDK's own, whatever else is on the class path: what is refused depends on it.
    factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    // The bounds below are ours, with words of ours; the JDK's own differ from one to the next.
    factory.setProperty("jdk.xml.maxElementDepth", "0");
    factory.setXMLResolver(
        (publicId, systemId, baseUri, namespace) -> {
          throw new XMLStreamException("external entity");
        });
  }

  /**
   * Whether the body is XML, by its first character that is not white space: {@code <}.
   *
   * <p>No JSON begins so, and all XML does, whatever the request's content type says.
   */
  public boolean isXml(Exchange exchange) {
    var body = exchange.getMessage().getBody(byte[].class);
    return body != null && startsAsXml(body);
  }

  /**
   * @throws FailureException permanent, if the body cannot be read
   */
  @Override
  public void process(Exchange exchange) {
    var body = exchange.getMessage().getBody(byte[].class);
    exchange.getMessage().setBody(read(body == null ? new byte[0] : body));
  }

  static boolean startsAsXml(byte[] body) {
    for (var b : body) {
      switch (b) {
        case '<' -> {
          return true;
        }
        // White space, the zero bytes of UTF-16, and the byte order marks of it and of UTF-8.
        case ' ',
            '\t',
            '\r',
            '\n',
            0,
            (byte) 0xFE,
            (byte) 0xFF,
            (byte) 0xEF,
            (byte) 0xBB,
            (byte) 0xBF -> {}
        default -> {
          return false;
        }
      }
    }
    return false;
  }

  ObjectNode read(byte[] body) {
    try {
      var reader = factory.createXMLStreamReader(new ByteArrayInputStream(body));
      try {
        return new Reading(reader).document();
      } finally {
        reader.close();
      }
    } catch (XMLStreamException malformed) {
      // Its message may quote the body; only the place is told.
      throw refused("Expected well-formed XML, and got something else", malformed);
    }
  }

  private static FailureException refused(String reason, XMLStreamException malformed) {
    var place = malformed.getLocation();
    return new FailureException(
        Failure.permanent(
            place == null
                ? reason
                : reason
                    + " at line "
                    + place.getLineNumber()
                    + ", column "
                    + place.getColumnNumber()));
  }

  /** One document on its way from XML to JSON. */
  private static final class Reading {

    private final XMLStreamReader xml;
    private int nodes;

    Reading(XMLStreamReader xml) {
      this.xml = xml;
    }

    ObjectNode document() throws XMLStreamException {
      var document = NODES.objectNode();
      while (xml.hasNext()) {
        switch (xml.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            var name = xml.getLocalName();
            var root = element(1);
            document.set(name, root.isNull() ? NODES.objectNode() : root);
          }
          case XMLStreamConstants.DTD ->
              throw new FailureException(
                  Failure.permanent("Expected XML without a DOCTYPE, and there is one"));
          default -> {}
        }
      }
      return document;
    }

    /** Reads the element whose start was read last, up to its end. */
    private JsonNode element(int depth) throws XMLStreamException {
      if (depth > DEEPEST) {
        throw new FailureException(
            Failure.permanent(
                "Expected XML that is nested at most "
                    + DEEPEST
                    + " levels deep, and it is deeper"));
      }
      count();
      var members = NODES.objectNode();
      var nil = attributes(members);
      var text = new StringBuilder();
      while (true) {
        switch (xml.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            var name = xml.getLocalName();
            add(members, name, element(depth + 1));
          }
          case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
              text.append(xml.getText());
          case XMLStreamConstants.ENTITY_REFERENCE ->
              throw new FailureException(
                  Failure.permanent("Expected XML without entities of its own, and there is one"));
          case XMLStreamConstants.END_ELEMENT -> {
            return nil ? NullNode.getInstance() : value(members, text.toString().strip());
          }
          default -> {}
        }
      }
    }

    /**
     * @return whether the element says that it has no value
     */
    private boolean attributes(ObjectNode members) {
      var nil = false;
      for (var i = 0; i < xml.getAttributeCount(); i++) {
        count();
        if (XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI.equals(xml.getAttributeNamespace(i))) {
          nil |= xml.getAttributeLocalName(i).equals("nil") && isTrue(xml.getAttributeValue(i));
        } else {
          add(members, xml.getAttributeLocalName(i), TextNode.valueOf(xml.getAttributeValue(i)));
        }
      }
      return nil;
    }

    private void count() {
      nodes++;
      if (nodes > MOST_NODES) {
        throw new FailureException(
            Failure.permanent(
                "Expected XML with at most "
                    + MOST_NODES
                    + " elements and attributes, and it has more"));
      }
    }

    private static boolean isTrue(String value) {
      return value.equals("true") || value.equals("1");
    }

    private static JsonNode value(ObjectNode members, String text) {
      if (members.isEmpty()) {
        return text.isEmpty() ? NullNode.getInstance() : TextNode.valueOf(text);
      }
      if (!text.isEmpty()) {
        members.put(TEXT, text);
      }
      return members;
    }

    private static void add(ObjectNode members, String name, JsonNode value) {
      var there = members.get(name);
      if (there == null) {
        members.set(name, value);
      } else if (there instanceof ArrayNode array) {
        array.add(value);
      } else {
        members.set(name, NODES.arrayNode().add(there).add(value));
      }
    }
  }
}
