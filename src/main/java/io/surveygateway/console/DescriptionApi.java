package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.swagger.v3.core.util.Json;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Lazy;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Gives out the description of {@code /api}; made when it is first asked for, so that a start does
 * not pay for it.
 */
@RestController
final class DescriptionApi {

  static final String PATH = "/v3/api-docs";

  private final RequestMappingHandlerMapping operations;
  private byte @Nullable [] made;

  DescriptionApi(
      @Lazy @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping operations) {
    this.operations = operations;
  }

  @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
  synchronized byte[] description() throws JsonProcessingException {
    if (made == null) {
      var description = new ApiDescription().of(operations.getHandlerMethods());
      made = Json.mapper().writeValueAsString(description).getBytes(UTF_8);
    }
    return made;
  }
}
