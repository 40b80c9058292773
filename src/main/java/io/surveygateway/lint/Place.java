package io.surveygateway.lint;

/**
 * Where something stands.
 *
 * @param file its path, as a person would open it: {@code routes/router.camel.yaml}
 * @param line from 1; 0 where the file as a whole is meant
 * @param column from 1; 0 where it is not known
 */
public record Place(String file, int line, int column) {

  static Place of(String file) {
    return new Place(file, 0, 0);
  }

  @Override
  public String toString() {
    return file + (line > 0 ? ", line " + line : "") + (column > 0 ? ", column " + column : "");
  }
}
