package io.surveygateway.proof;

/**
 * Bytes as they came, or changed in one way.
 *
 * @param words the change as a sentence; empty for none
 */
record Varied(String words, byte[] bytes) {

  boolean isChanged() {
    return !words.isEmpty();
  }

  /** Never what the bytes are: they may be a secret. */
  @Override
  public String toString() {
    return "Varied[" + words + ", " + bytes.length + " bytes]";
  }
}
