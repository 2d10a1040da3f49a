package org.bellows.data.storage;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.Paths;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.bellows.conf.BellowsException;

/** Where a path leads, and what its failures mean. */
public final class Storage {
  private static final String LOCAL = "file";

  private Storage() {}

  /**
   * A Hadoop path with a scheme. A bare path is local, whatever {@code fs.defaultFS} says.
   *
   * @throws BellowsException (configuration) for an empty or malformed path
   */
  public static Path qualify(String path) {
    if (path.isBlank()) {
      throw BellowsException.configuration("a path is empty");
    }
    try {
      return hasScheme(path)
          ? new Path(path)
          : new Path(LOCAL, null, Paths.get(path).toAbsolutePath().normalize().toString());
    } catch (IllegalArgumentException e) {
      throw BellowsException.configuration("path " + path + " is malformed: " + e.getMessage());
    }
  }

  /**
   * @throws BellowsException (configuration) when there is no file system for the path's scheme
   */
  public static FileSystem fileSystem(Configuration hadoop, Path path) {
    try {
      return path.getFileSystem(hadoop);
    } catch (UnsupportedFileSystemException | UnknownHostException e) {
      throw BellowsException.configuration("path " + path + ": " + e.getMessage());
    } catch (IOException | IllegalArgumentException e) {
      throw BellowsException.infrastructure(
          "the file system of " + path + " does not answer: " + reason(e), e);
    }
  }

  /** Whether the path, once qualified, lies on this machine's own disks. */
  public static boolean isLocal(Path qualified) {
    return LOCAL.equals(qualified.toUri().getScheme());
  }

  /**
   * @param doing what was tried, as the beginning of a sentence: "reading shard x"
   */
  public static BellowsException failure(String doing, IOException cause) {
    String message = doing + " failed: " + reason(cause);
    if (isDiskFull(cause)) {
      return BellowsException.infrastructure(doing + " failed: the disk is full", cause);
    }
    boolean isData =
        cause instanceof FileNotFoundException
            || cause instanceof EOFException
            || cause instanceof ChecksumException;
    if (cause instanceof FileNotFoundException) {
      message = doing + " failed: there is no such file";
    } else if (cause instanceof AccessControlException) {
      return BellowsException.configuration(
          doing + " failed: no permission (" + reason(cause) + ")");
    } else if (cause instanceof ConnectException) {
      return BellowsException.infrastructure(doing + " failed: " + reason(cause), cause);
    }
    return isData
        ? BellowsException.data(message, cause)
        : BellowsException.infrastructure(message, cause);
  }

  /** Hadoop's local file system throws write errors as an Error: what it stands for. */
  public static IOException unwrap(FSError error) {
    return error.getCause() instanceof IOException cause ? cause : new IOException(error);
  }

  /** Also through Hadoop's FSError, which wraps write errors of the local file system. */
  public static boolean isDiskFull(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      String message = String.valueOf(e.getMessage());
      boolean isFull =
          message.contains("No space left on device") || message.contains("Disk quota exceeded");
      if (isFull && (e instanceof IOException || e instanceof FSError)) {
        return true;
      }
    }
    return false;
  }

  /** The first line of the message: Hadoop puts whole remote stack traces into it. */
  public static String reason(Throwable error) {
    String message = error.getMessage();
    return message == null || message.isBlank()
        ? error.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  private static boolean hasScheme(String path) {
    int colon = path.indexOf(':');
    int slash = path.indexOf('/');
    return colon > 0
        && slash == colon + 1
        && path.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*");
  }
}
