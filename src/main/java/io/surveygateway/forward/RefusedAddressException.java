package io.surveygateway.forward;

import java.net.UnknownHostException;

/** A name leads to where nothing is sent. The message says where, and what to do. */
final class RefusedAddressException extends UnknownHostException {

  private static final long serialVersionUID = 1;

  RefusedAddressException(String message) {
    super(message);
  }
}
