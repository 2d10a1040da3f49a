package org.bellows.data.prepare;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.Pixels;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bellows.data.storage.Storage;

/**
 * Images lie one behind the other in a file that can only be read from its beginning (gzip). A task
 * reads through it once and keeps the images of its shard.
 */
record IdxLayout(String file, int height, int width) implements SourceLayout {
  @Override
  public ItemReader open(Configuration hadoop, List<SourceItem> items, ImageDecoder decoder)
      throws IOException {
    Path path = new Path(file);
    int imageBytes = Math.multiplyExact(height, width);
    int[] wanted = items.stream().mapToInt(SourceItem::index).toArray();
    Arrays.sort(wanted);
    Map<Integer, byte[]> images = new HashMap<>();
    try (IdxFile in = new IdxFile(Storage.fileSystem(hadoop, path), path, 3)) {
      int next = 0;
      for (int index : wanted) {
        in.skipFully((long) (index - next) * imageBytes);
        byte[] image = new byte[imageBytes];
        in.readFully(image);
        images.put(index, image);
        next = index + 1;
      }
    }
    return item -> read(item, images.remove(item.index()), decoder);
  }

  private Read read(SourceItem item, byte[] image, ImageDecoder decoder) {
    EncodedSample sample =
        new EncodedSample(0, item.label(), Encoding.RAW8, height, width, 1, item.path(), image);
    Pixels pixels = decoder.decode(sample);
    return new Read(sample, pixels);
  }
}
