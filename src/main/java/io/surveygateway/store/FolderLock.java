package io.surveygateway.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a second gateway off the folder of an embedded store; freed by the system if we die. */
final class FolderLock implements AutoCloseable {

  private final @Nullable FileChannel held;

  private FolderLock(@Nullable FileChannel held) {
    this.held = held;
  }

  static FolderLock none() {
    return new FolderLock(null);
  }

  /**
   * @throws IllegalStateException if another process has the folder
   */
  static FolderLock take(Path folder) {
    var file = folder.resolve("gateway.lock");
    try {
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() != null) {
          return new FolderLock(channel);
        }
      } catch (OverlappingFileLockException e) {
        // The same process has it: said below, as for another one.
      }
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not open " + file.toAbsolutePath(), e);
    }
    throw new IllegalStateException(
        "Another gateway uses "
            + folder.toAbsolutePath()
            + ": an embedded store belongs to one process. Stop the other, give this one its own"
            + " GATEWAY_DATA, or share a PostgreSQL store by DATABASE_URL");
  }

  @Override
  public void close() throws IOException {
    if (held != null) {
      held.close();
    }
  }
}
