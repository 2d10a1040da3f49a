package org.bellows.data.prepare;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.ImageRefusedException;
import org.bellows.data.prepare.SourceLayout.ItemReader;
import org.bellows.data.shard.ShardWriter;
import org.bellows.data.storage.Storage;

/** Writes one shard. Runs on an executor. */
final class ShardTask implements Function<ShardPlan, ShardResult> {
  private static final long serialVersionUID = 1L;

  private final SerializableConfiguration configuration;
  private final Output output;
  private final LongAccumulator progress;

  /**
   * @param folder where shards are written
   * @param channels of the statistics
   */
  record Output(String folder, int blockKibibytes, long maxPixels, int channels)
      implements Serializable {}

  ShardTask(SerializableConfiguration configuration, Output output, LongAccumulator progress) {
    this.configuration = configuration;
    this.output = output;
    this.progress = progress;
  }

  @Override
  public ShardResult call(ShardPlan plan) throws IOException {
    // Two attempts at a task may run at once; each has a file of its own.
    String file = plan.name() + "." + TaskContext.get().taskAttemptId();
    try {
      return write(plan, file);
    } catch (BellowsException e) {
      return ShardResult.failed(e.getMessage(), e.category() == ErrorCategory.INFRASTRUCTURE);
    } catch (IOException | FSError e) {
      if (Storage.isDiskFull(e)) {
        return ShardResult.failed(
            "writing " + output.folder() + "/" + file + " failed: the disk is full", true);
      }
      throw e;
    }
  }

  private ShardResult write(ShardPlan plan, String file) throws IOException {
    Configuration hadoop = configuration.value();
    ImageDecoder decoder = new ImageDecoder(output.maxPixels());
    ItemReader reader = plan.layout().open(hadoop, plan.items(), decoder);
    PixelMoments moments = new PixelMoments(output.channels());
    List<RefusedFile> refused = new ArrayList<>();
    long imageBytes = 0;
    Path path = new Path(output.folder(), file);
    try (ShardWriter writer = new ShardWriter(hadoop, path, output.blockKibibytes())) {
      for (SourceItem item : plan.items()) {
        SourceLayout.Read read = readOrRefuse(reader, item, refused);
        if (read != null) {
          writer.write(read.sample());
          moments.add(read.pixels());
          imageBytes += read.sample().image().length;
        }
        progress.add(1);
      }
      ShardWriter.Written written = writer.finish();
      return new ShardResult(
          file,
          written.bytes(),
          written.sha256(),
          written.blockSamples(),
          imageBytes,
          moments,
          refused,
          null);
    }
  }

  /** Null when it was refused. */
  private static SourceLayout.Read readOrRefuse(
      ItemReader reader, SourceItem item, List<RefusedFile> refused) throws IOException {
    try {
      return reader.read(item);
    } catch (ImageRefusedException e) {
      refused.add(new RefusedFile(item.path(), e.reason().name(), e.getMessage()));
    } catch (FileNotFoundException e) {
      refused.add(
          new RefusedFile(item.path(), "UNREADABLE", "cannot be opened: " + Storage.reason(e)));
    }
    return null;
  }
}
