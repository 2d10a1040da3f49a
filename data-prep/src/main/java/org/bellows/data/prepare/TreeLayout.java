package org.bellows.data.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.ImageHeader;
import org.bellows.data.decode.ImageRefusedException;
import org.bellows.data.decode.ImageRefusedException.Reason;
import org.bellows.data.decode.Pixels;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.storage.Storage;

/** A file is an image. */
record TreeLayout(String root) implements SourceLayout {
  /** A file is read into memory whole, and lies in one Parquet page. */
  private static final long MOST_BYTES = 1L << 28;

  @Override
  public ItemReader open(Configuration hadoop, List<SourceItem> items, ImageDecoder decoder) {
    FileSystem files = Storage.fileSystem(hadoop, new Path(root));
    return item -> read(files, item, decoder);
  }

  private Read read(FileSystem files, SourceItem item, ImageDecoder decoder) throws IOException {
    if (item.bytes() > MOST_BYTES) {
      throw new ImageRefusedException(
          Reason.TOO_LARGE, "has %d bytes, allowed are %d".formatted(item.bytes(), MOST_BYTES));
    }
    byte[] image;
    try (InputStream in = files.open(new Path(root + "/" + item.path()))) {
      image = in.readAllBytes();
    }
    ImageHeader header = decoder.inspect(image);
    Pixels pixels = decoder.decode(image);
    EncodedSample sample =
        new EncodedSample(
            0,
            item.label(),
            header.encoding(),
            pixels.height(),
            pixels.width(),
            pixels.channels(),
            item.path(),
            image);
    return new Read(sample, pixels);
  }
}
