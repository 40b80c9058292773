package io.surveygateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.surveygateway.operations.RequestOperations;
import io.surveygateway.store.RequestReads;
import io.surveygateway.trial.SampleFiles;
import io.surveygateway.trial.SampleFiles.SampleFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Hands out a stored request as a sample of its provider's folder; that somebody took it is on
 * record.
 */
@Component
final class SampleZip {

  private final RequestReads requests;
  private final SampleFiles samples;
  private final RequestOperations operations;

  SampleZip(RequestReads requests, SampleFiles samples, RequestOperations operations) {
    this.requests = requests;
    this.samples = samples;
    this.operations = operations;
  }

  /**
   * @param situation what it is to be called
   */
  ResponseEntity<byte[]> of(long id, String situation, String by) {
    var sent = MappingsApi.sent(requests, id);
    byte[] zip;
    try {
      zip = operations.saveAsSample(id, situation, by, () -> zipped(samples.of(sent, situation)));
    } catch (IllegalArgumentException e) {
      throw ApiQuery.refuse(e.getMessage());
    }
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType("application/zip"))
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment()
                .filename(sent.provider() + "-" + situation + ".zip", UTF_8)
                .build()
                .toString())
        .body(zip);
  }

  private static byte[] zipped(List<SampleFile> files) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (var file : files) {
        zip.putNextEntry(new ZipEntry(file.path()));
        zip.write(file.bytes());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
