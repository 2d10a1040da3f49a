package org.bellows.data.prepare;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.Pixels;
import org.bellows.data.shard.EncodedSample;

/** How a task reads the images of one split. Travels to the tasks. */
interface SourceLayout extends Serializable {
  /** An image as it will be stored, and decoded for validity and statistics. */
  record Read(EncodedSample sample, Pixels pixels) {}

  /** Reads single images. */
  interface ItemReader {
    /**
     * @throws org.bellows.data.decode.ImageRefusedException when it is not a good image
     * @throws IOException when it cannot be read at all
     */
    Read read(SourceItem item) throws IOException;
  }

  /**
   * @param items all that will be asked for
   */
  ItemReader open(Configuration hadoop, List<SourceItem> items, ImageDecoder decoder)
      throws IOException;
}
