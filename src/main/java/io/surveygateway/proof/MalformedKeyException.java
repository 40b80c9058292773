package io.surveygateway.proof;

/**
 * A secret is none of its kind, so that nothing could ever be proved by it.
 *
 * <p>Of its own, since a slip in a route is for whoever writes the route, and this is for whoever
 * sets secrets. The message says what was expected, and repeats nothing of the secret.
 */
public final class MalformedKeyException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  MalformedKeyException(String message) {
    super(message);
  }
}
