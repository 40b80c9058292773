package io.surveygateway.lint;

import java.util.Map;

/**
 * Files of a folder as they were at one moment, whatever an editor does to them meanwhile.
 *
 * @param contents by path from the folder, with slashes
 */
public record FixedFiles(Decides decides, Map<String, byte[]> contents) {

  /** Nothing is fixed: everything is as the disk has it. */
  static final FixedFiles NONE = new FixedFiles(path -> false, Map.of());

  /** Which files it speaks of: those that it has not are not there. Of others the disk does. */
  public interface Decides {

    boolean about(String path);
  }
}
