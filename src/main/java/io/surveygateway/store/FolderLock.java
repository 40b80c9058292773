package io.surveygateway.store;

import io.surveygateway.failure.NotStartedException;
import java.io.IOException;
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
   * @throws NotStartedException if another process has the folder, or it cannot be written to
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
      throw notAFolder(folder, e);
    }
    throw new NotStartedException(
        "Another gateway uses "
            + folder.toAbsolutePath()
            + ": an embedded store belongs to one process",
        "Stop the other, give this one its own GATEWAY_DATA, or share a PostgreSQL store by"
            + " DATABASE_URL.",
        null);
  }

  static NotStartedException notAFolder(Path folder, IOException cause) {
    return new NotStartedException(
        "Expected GATEWAY_DATA to be a folder that the gateway may write to, and "
            + folder.toAbsolutePath()
            + " is not: "
            + cause,
        "Make it, let the user that the gateway runs as write to it, or name another by"
            + " GATEWAY_DATA.",
        cause);
  }

  @Override
  public void close() throws IOException {
    if (held != null) {
      held.close();
    }
  }
}
