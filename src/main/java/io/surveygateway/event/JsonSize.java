package io.surveygateway.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/** Counts the characters that JSON takes when it is written, and keeps none of them. */
final class JsonSize extends Writer {

  private long size;

  private JsonSize() {}

  /** The length of the JSON in UTF-16 characters, written compactly. */
  static long of(JsonNode json) {
    var counted = new JsonSize();
    try {
      SurveyJson.mapper().writeValue(counted, json);
    } catch (IOException never) {
      throw new UncheckedIOException("Expected JSON that can be written", never);
    }
    return counted.size;
  }

  @Override
  public void write(char[] characters, int from, int length) {
    size += length;
  }

  @Override
  public void write(String text, int from, int length) {
    size += length;
  }

  @Override
  public void write(int character) {
    size++;
  }

  @Override
  public void flush() {
    // Nothing is held back.
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
