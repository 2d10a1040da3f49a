// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * An archive that lies in a file as it is: any position can be read.
 *
 * @param end where the archive ends in the file
 */
record TarFile(FSDataInputStream in, long end) implements TarInput {
  @Override
  public boolean isForwardOnly() {
    return false;
  }

  @Override
  public void read(long position, byte[] into) throws IOException {
    in.seek(position);
    in.readFully(into);
  }

  @Override
  public void pass(long position) {}

  @Override
  public void finish() {}

  @Override
  public String beyond(long position, long bytes) {
    return "has a size of %d bytes, but the archive has only %d left"
        .formatted(bytes, end - position);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
