package io.surveygateway.webhook;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** Gathers a body of bounded size, and takes no more memory for it than has come. */
final class BodyBuffer {

  private static final int FIRST = 4096;

  private final int limit;
  private final int announced;
  private byte[] bytes = new byte[0];
  private int size;

  /**
   * @param limit most bytes
   * @param announced how many are to come, up to the limit; -1 if the sender does not say
   */
  BodyBuffer(int limit, int announced) {
    this.limit = limit;
    this.announced = announced;
  }

  boolean canTake(Buffer chunk) {
    return chunk.length() <= limit - size;
  }

  /** Memory that {@link #add} would take beyond what is held already, in bytes. */
  int growthFor(Buffer chunk) {
    return capacityFor(chunk) - bytes.length;
  }

  void add(Buffer chunk) {
    var capacity = capacityFor(chunk);
    if (capacity > bytes.length) {
      bytes = Arrays.copyOf(bytes, capacity);
    }
    chunk.getBytes(bytes, size);
    size += chunk.length();
  }

  byte[] toBytes() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private int capacityFor(Buffer chunk) {
    var needed = size + chunk.length();
    if (needed <= bytes.length) {
      return bytes.length;
    }
    var most = announced >= needed ? announced : limit;
    var doubled = Math.max(FIRST, Math.min(most, 2L * bytes.length));
    return (int) Math.min(most, Math.max(needed, doubled));
  }
}
