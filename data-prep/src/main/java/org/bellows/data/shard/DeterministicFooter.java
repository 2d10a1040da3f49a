// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * The end of a Parquet file, made the same in every process: parquet-mr lists a column's encodings
 * in the order of a hash set of enum constants, whose hash codes differ in each JVM.
 */
final class DeterministicFooter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int LENGTH_BYTES = 4;

  private DeterministicFooter() {}

  /**
   * @param end the last bytes of a file: its whole footer, and anything before it
   * @return the same with each list of encodings sorted; as it was where it does not end as a
   *     Parquet file does, since it was never finished
   * @throws IOException when the footer begins before {@code end} or cannot be read
   */
  static byte[] of(byte[] end) throws IOException {
    int behind = end.length - MAGIC.length - LENGTH_BYTES;
    if (behind < 0
        || !Arrays.equals(end, end.length - MAGIC.length, end.length, MAGIC, 0, MAGIC.length)) {
      return end;
    }
    int length = little(end, behind).getInt();
    if (length < 0 || length > behind) {
      throw new IOException(
          "the footer of the shard has %d bytes, at most %d are held back for it; larger blocks"
                  .formatted(length, behind)
              + " (prepare.block-kibibytes) have a smaller one");
    }
    byte[] footer = sorted(Arrays.copyOfRange(end, behind - length, behind));
    ByteArrayOutputStream steady = new ByteArrayOutputStream(end.length);
    steady.write(end, 0, behind - length);
    steady.write(footer);
    byte[] size = new byte[LENGTH_BYTES];
    little(size, 0).putInt(footer.length);
    steady.write(size);
    steady.write(MAGIC);
    return steady.toByteArray();
  }

  private static byte[] sorted(byte[] footer) throws IOException {
    FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(footer));
    for (RowGroup block : metadata.getRow_groups()) {
      for (ColumnChunk column : block.getColumns()) {
        Collections.sort(column.getMeta_data().getEncodings());
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(footer.length);
    Util.writeFileMetaData(metadata, bytes);
    return bytes.toByteArray();
  }

  private static ByteBuffer little(byte[] bytes, int from) {
    return ByteBuffer.wrap(bytes, from, LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}
