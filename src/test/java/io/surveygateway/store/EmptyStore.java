package io.surveygateway.store;

import io.surveygateway.PostgresForTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A store of one's own that has its tables, and no rows yet: a copy, since to make the tables takes
 * longer than most tests do.
 *
 * @param folder for the gateway's files
 * @param url empty where the store is a file in the folder
 */
public record EmptyStore(Path folder, String url) implements AutoCloseable {

  private static final String FILE = "gateway.db";

  public static EmptyStore take(Dialect dialect) {
    try {
      var folder = Files.createTempDirectory(Path.of("target"), "store");
      if (dialect == Dialect.POSTGRESQL) {
        return new EmptyStore(folder, PostgresForTests.copyOf(OnPostgres.URL));
      }
      Files.copy(OnSqlite.FOLDER.resolve(FILE), folder.resolve(FILE));
      return new EmptyStore(folder, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What leads a gateway to it. */
  public List<String> settings() {
    return List.of(
        "--gateway.store.folder=" + folder,
        "--gateway.store.url=" + url,
        "--gateway.store.username=" + (url.isEmpty() ? "" : "postgres"));
  }

  /** Once nobody uses it. A file stays, for who wants to look at it. */
  @Override
  public void close() {
    if (!url.isEmpty()) {
      PostgresForTests.drop(url);
    }
  }

  private static final class OnSqlite {

    static final Path FOLDER = make();

    private static Path make() {
      try {
        var folder = Files.createTempDirectory(Path.of("target"), "empty-store");
        OlderStore.open(Dialect.SQLITE, folder, "latest");
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class OnPostgres {

    static final String URL = PostgresForTests.newDatabase();

    static {
      OlderStore.on(Dialect.POSTGRESQL, URL, "latest");
    }
  }
}
