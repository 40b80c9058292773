package io.surveygateway.console;

import java.util.HexFormat;

/** Bytes for people to read, sixteen a line: where, in hex, and as ASCII. */
final class HexDump {

  /** Bytes of a body that are shown. */
  static final int MOST = 4096;

  private static final int A_LINE = 16;
  private static final HexFormat HEX = HexFormat.of();

  private HexDump() {}

  static String of(byte[] bytes) {
    var dump = new StringBuilder();
    for (var start = 0; start < Math.min(bytes.length, MOST); start += A_LINE) {
      var end = Math.min(Math.min(bytes.length, MOST), start + A_LINE);
      dump.append(HEX.toHexDigits(start)).append(' ');
      for (var at = start; at < start + A_LINE; at++) {
        dump.append(at == start + A_LINE / 2 ? "  " : " ")
            .append(at < end ? HEX.toHexDigits(bytes[at]) : "  ");
      }
      dump.append("  ");
      for (var at = start; at < end; at++) {
        dump.append(bytes[at] >= ' ' && bytes[at] < 0x7f ? (char) bytes[at] : '·');
      }
      dump.append('\n');
    }
    return dump.toString();
  }
}
