package org.bellows.data.prepare;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * One image of the source, not yet read.
 *
 * @param path relative to the source with forward slashes, or file#index
 * @param bytes its length
 * @param index in its file; 0 where a file is one image
 */
record SourceItem(String path, long bytes, int label, int index) implements Serializable {
  /** Order of names that does not depend on locale or file system: unsigned UTF-8 bytes. */
  static final Comparator<String> BYTE_ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
}
