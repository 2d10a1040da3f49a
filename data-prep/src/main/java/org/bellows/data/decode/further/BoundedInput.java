// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.further;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;

/**
 * A file for a reader that may go on for ever, or make up pixels, where the file ends too early:
 * some take the end for zeros.
 */
final class BoundedInput extends MemoryCacheImageInputStream {
  private final String format;
  private final int lookAhead;
  private int beyondEnd;

  /**
   * @param lookAhead how often more may be asked for than there is: readers of bits look ahead
   */
  BoundedInput(byte[] bytes, String format, int lookAhead) {
    super(new ByteArrayInputStream(bytes));
    this.format = format;
    this.lookAhead = lookAhead;
  }

  @Override
  public int read() throws IOException {
    return checked(super.read());
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return checked(super.read(bytes, offset, length));
  }

  private int checked(int read) {
    if (read < 0 && ++beyondEnd > lookAhead) {
      throw new ImageRefusedException(Reason.TRUNCATED, "is a truncated " + format);
    }
    return read;
  }
}
