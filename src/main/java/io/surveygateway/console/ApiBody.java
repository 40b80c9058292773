package io.surveygateway.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpStatus;

/**
 * Reads what a request holds, strictly: a member that is misspelt must not make a run wider than it
 * was meant to be.
 */
final class ApiBody {

  private static final int LARGEST = 64 << 10;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
              DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private ApiBody() {}

  /**
   * @param body null or empty, which is an empty object
   * @param example of what is expected, for whoever sent something else
   */
  static <T> T read(@Nullable InputStreamResource body, Class<T> type, String example) {
    // No more than that is taken, whatever its sender announced.
    try (var stream = body == null ? InputStream.nullInputStream() : body.getInputStream()) {
      return read(stream.readNBytes(LARGEST + 1), type, example, LARGEST);
    } catch (IOException e) {
      // Whoever sent it went away: there is nobody to answer.
      throw ApiQuery.refuse("Expected the whole body, it ended early");
    }
  }

  /**
   * @param largest body that is read, in bytes
   */
  static <T> T read(byte[] body, Class<T> type, String example, int largest) {
    if (body.length > largest) {
      throw ApiQuery.refuse(
          HttpStatus.PAYLOAD_TOO_LARGE, "Expected a body of " + largest + " bytes at most");
    }
    try {
      T read = JSON.readValue(body.length == 0 ? new byte[] {'{', '}'} : body, type);
      if (read != null) {
        return read;
      }
    } catch (UnrecognizedPropertyException e) {
      throw ApiQuery.refuse(
          "Expected "
              + example
              + "; there may be "
              + e.getKnownPropertyIds()
              + ", and there is another member");
    } catch (JsonProcessingException e) {
      // Falls through: its message quotes what was sent.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    throw ApiQuery.refuse("Expected JSON such as " + example);
  }
}
