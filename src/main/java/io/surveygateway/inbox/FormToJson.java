package io.surveygateway.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.surveygateway.failure.Failure;
import io.surveygateway.failure.FailureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.UploadContext;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads a stored body as a form and makes JSON of it, for the providers that send {@code
 * application/x-www-form-urlencoded} or {@code multipart/form-data}: the bean {@code formToJson}.
 *
 * <p>Which of the two it is says the request's content type. The body becomes one JSON object with
 * a member for each field, a text in UTF-8; fields of one name become an array, one alone does not.
 * A file becomes {@code {"fileName": …, "contentType": …, "size": …}}, its bytes are not kept. A
 * part without a name is passed over. What a text holds is for the mapping: {@link JsonText} opens
 * one that is JSON again.
 *
 * <p>Refused, each with a permanent failure that quotes nothing: another content type, a multipart
 * body that is none or empty, more than {@value #MOST_FIELDS} fields, and a text over {@value
 * #LARGEST_TEXT} bytes. Writes no temporary files. How large a body may be is the public port's
 * concern. Keeps no state: one instance serves every thread.
 */
@Component(FormToJson.BEAN)
public final class FormToJson implements Processor {

  /** Name of the bean. */
  public static final String BEAN = "formToJson";

  private static final int MOST_FIELDS = 5_000;
  private static final int LARGEST_TEXT = 4 << 20;
  private static final int LARGEST_PART_HEAD = 4_096;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Whether the request's content type is that of a form, of either kind. */
  public boolean isForm(Exchange exchange) {
    var contentType = contentTypeOf(exchange);
    return FormFields.isForm(contentType) || isMultipart(contentType);
  }

  /**
   * @throws FailureException permanent, if the body cannot be read
   */
  @Override
  public void process(Exchange exchange) {
    var body = exchange.getMessage().getBody(byte[].class);
    exchange.getMessage().setBody(read(body == null ? new byte[0] : body, contentTypeOf(exchange)));
  }

  /** The fields of a body, if its content type is that of a form and it can be read as one. */
  public static Optional<ObjectNode> fields(byte[] body, @Nullable String contentType) {
    if (!FormFields.isForm(contentType) && !isMultipart(contentType)) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(body, contentType));
    } catch (FailureException unreadable) {
      return Optional.empty();
    }
  }

  static ObjectNode read(byte[] body, @Nullable String contentType) {
    if (FormFields.isForm(contentType)) {
      return urlencoded(body);
    }
    if (isMultipart(contentType)) {
      return multipart(body, contentType);
    }
    throw refused("Expected the Content-Type of a form, and the request had another one");
  }

  private static ObjectNode urlencoded(byte[] body) {
    var fields = FormFields.all(body, MOST_FIELDS);
    var form = NODES.objectNode();
    if (fields.size() > MOST_FIELDS) {
      throw tooMany();
    }
    for (var field : fields) {
      add(form, field.name(), text(field.value()));
    }
    return form;
  }

  private static ObjectNode multipart(byte[] body, String contentType) {
    var upload = new FileUpload();
    upload.setHeaderEncoding(UTF_8.name());
    upload.setPartHeaderSizeMax(LARGEST_PART_HEAD);
    var form = NODES.objectNode();
    try {
      var parts = upload.getItemIterator(new Stored(body, contentType));
      for (var count = 1; parts.hasNext(); count++) {
        if (count > MOST_FIELDS) {
          throw tooMany();
        }
        var part = parts.next();
        add(form, part.getFieldName(), part.isFormField() ? field(part) : file(part));
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof FailureException known) {
        throw known;
      }
      // Its words may quote the body.
      throw refused("Expected multipart/form-data, and it stops being that");
    }
    if (form.isEmpty()) {
      // Tomcat's reader passes over what is before a part: all of a body that is something else.
      throw refused("Expected multipart/form-data, and no part with a name is in it");
    }
    return form;
  }

  private static JsonNode field(FileItemStream part) throws IOException {
    try (var content = part.openStream()) {
      var bytes = content.readNBytes(LARGEST_TEXT + 1);
      return text(bytes);
    }
  }

  private static JsonNode file(FileItemStream part) throws IOException {
    try (var content = part.openStream()) {
      var size = content.transferTo(OutputStream.nullOutputStream());
      return NODES
          .objectNode()
          .put("fileName", part.getName())
          .put("contentType", part.getContentType())
          .put("size", size);
    }
  }

  private static TextNode text(byte[] bytes) {
    if (bytes.length > LARGEST_TEXT) {
      throw refused(
          "Expected texts of at most " + LARGEST_TEXT + " bytes in a form, and one is longer");
    }
    return TextNode.valueOf(new String(bytes, UTF_8));
  }

  private static void add(ObjectNode form, String name, JsonNode value) {
    var there = form.get(name);
    if (there == null) {
      form.set(name, value);
    } else if (there instanceof ArrayNode array) {
      array.add(value);
    } else {
      form.set(name, NODES.arrayNode().add(there).add(value));
    }
  }

  private static boolean isMultipart(@Nullable String contentType) {
    return contentType != null
        && contentType.strip().toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
  }

  private static @Nullable String contentTypeOf(Exchange exchange) {
    return exchange.getProperty(InboxProperties.CONTENT_TYPE, String.class);
  }

  private static FailureException tooMany() {
    return refused("Expected a form of at most " + MOST_FIELDS + " fields, and it has more");
  }

  private static FailureException refused(String reason) {
    return new FailureException(Failure.permanent(reason));
  }

  /** A body as Tomcat's reader of multipart bodies wants it. */
  private record Stored(byte[] body, String contentType) implements UploadContext {

    @Override
    public long contentLength() {
      return body.length;
    }

    @Override
    public String getCharacterEncoding() {
      return UTF_8.name();
    }

    @Override
    public String getContentType() {
      return contentType;
    }

    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(body);
    }
  }
}
