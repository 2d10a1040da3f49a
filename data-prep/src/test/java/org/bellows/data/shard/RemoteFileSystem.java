package org.bellows.data.shard;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk under the scheme "remote", counting the files that are opened. */
public final class RemoteFileSystem extends RawLocalFileSystem {
  private final AtomicInteger opened = new AtomicInteger();

  static Configuration configuration() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.remote.impl", RemoteFileSystem.class.getName());
    return hadoop;
  }

  static RemoteFileSystem of(Configuration hadoop) throws IOException {
    return (RemoteFileSystem) FileSystem.get(URI.create("remote:///"), hadoop);
  }

  int opened() {
    return opened.get();
  }

  @Override
  public URI getUri() {
    return URI.create("remote:///");
  }

  @Override
  public String getScheme() {
    return "remote";
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    opened.incrementAndGet();
    return super.open(path, bufferSize);
  }
}
