package io.surveygateway.proof;

import java.util.List;

/**
 * A request as it came over the wire.
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

  /**
   * All values of a field of the body, taken as {@code application/x-www-form-urlencoded}, decoded;
   * none where the body is something else.
   */
  List<byte[]> form(String name);

  /**
   * All strings, in UTF-8, at a pointer (RFC 6901) into the body, taken as JSON: more than one
   * where a member is there twice. What is there and no string gives bytes that are no UTF-8; a
   * body that is no JSON gives none.
   */
  List<byte[]> json(String pointer);
}
