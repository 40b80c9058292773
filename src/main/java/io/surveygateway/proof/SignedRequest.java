package io.surveygateway.proof;

import java.util.List;

/**
 * A request as it came over the wire, before anything has been parsed.
 *
 * <p>Names of headers are compared without regard to case, names of query parameters exactly.
 * Values come in the order of arrival, one entry for each time the name was given; an unknown name
 * gives an empty list.
 */
public interface SignedRequest {

  /** The body's bytes, never changed by anyone. */
  byte[] body();

  /** All values of a header, without the optional white space round each (RFC 9110, 5.5). */
  List<String> header(String name);

  /** All values of a query parameter, percent-decoded. */
  List<String> query(String name);
}
