// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testing;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;

/** The local disk under the scheme "full", with room for so many bytes. */
public final class FullDisk extends LocalDisk {
  private static final String SCHEME = "full";
  private static final String ROOM = "test.full.room-bytes";
  private static final String FILE_ROOM = "test.full.file-room-bytes";

  private long room;
  private long fileRoom;

  /**
   * @param roomBytes in all; each time that the file system is asked for it is another disk
   */
  public static Configuration withRoom(long roomBytes) {
    Configuration hadoop = new Configuration();
    register(hadoop, SCHEME, FullDisk.class, false);
    hadoop.setLong(ROOM, roomBytes);
    return hadoop;
  }

  /**
   * @param fileRoomBytes of each file; how many there are does not matter
   */
  public static void registerWithRoomForFiles(Configuration hadoop, long fileRoomBytes) {
    register(hadoop, SCHEME, FullDisk.class, false);
    hadoop.setLong(FILE_ROOM, fileRoomBytes);
  }

  @Override
  public void initialize(URI uri, Configuration configuration) throws IOException {
    super.initialize(uri, configuration);
    room = configuration.getLong(ROOM, Long.MAX_VALUE);
    fileRoom = configuration.getLong(FILE_ROOM, Long.MAX_VALUE);
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  protected OutputStream written(OutputStream out) {
    return new FilterOutputStream(out) {
      private long left = fileRoom;

      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        room -= length;
        left -= length;
        if (room < 0 || left < 0) {
          throw new IOException("No space left on device");
        }
        out.write(bytes, offset, length);
      }
    };
  }
}
