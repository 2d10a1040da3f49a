// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Paths;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.functional.FutureIO;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/** Where a path leads, and what its failures mean. */
public final class Storage {
  private static final String LOCAL = "file";
  private static final Pattern MISSING_BLOCK = Pattern.compile("Could not obtain block: (\\S+)");
  private static final String WIKI = "; For more details see:";

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
      throw ObjectStores.connector(path.toUri().getScheme())
          .map(connector -> MissingConnector.whole(path, connector))
          .orElseGet(() -> BellowsException.configuration("path " + path + ": " + e.getMessage()));
    } catch (IOException | IllegalArgumentException e) {
      // HDFS says it as an illegal argument. An unknown host name is not waited for.
      if (e.getCause() instanceof UnknownHostException) {
        throw BellowsException.configuration(
            "path " + path + ": there is no host " + e.getCause().getMessage());
      }
      if (e instanceof IllegalArgumentException) {
        throw BellowsException.configuration("path " + path + ": " + reason(e));
      }
      throw BellowsException.infrastructure(
          "the file system of " + path + " does not answer: " + reason(e), e);
    } catch (NoClassDefFoundError e) {
      throw MissingConnector.part(path, e);
    } catch (RuntimeException e) {
      throw MissingConnector.ifAny(path, e);
    }
  }

  /** Whether the path, once qualified, is on this machine's own disks. */
  public static boolean isLocal(Path qualified) {
    return LOCAL.equals(qualified.toUri().getScheme());
  }

  /**
   * The path that a list in this folder means: a whole Hadoop path, or one from the folder on. A
   * colon alone makes no scheme of what stands before it, as it would with Hadoop's own rule:
   * {@code 12:00.jpg} is a file.
   *
   * @throws IllegalArgumentException when it is malformed
   */
  public static Path resolve(Path folder, String written) {
    if (hasScheme(written)) {
      return new Path(written);
    }
    URI base = folder.toUri();
    String path = written.startsWith("/") ? written : base.getPath() + "/" + written;
    return new Path(base.getScheme(), base.getAuthority(), path);
  }

  /**
   * Opens a file for reading. Hadoop's local file system looks for a checksum file beside it and
   * has no path for that of a name with a colon; it has written none, either.
   *
   * @throws FileNotFoundException only where there is none; Java throws it, too, for a local file
   *     that may not be read, and when too many are open: these come as another IOException
   */
  public static FSDataInputStream open(Configuration hadoop, Path path) throws IOException {
    String problem = nameProblem(path);
    if (problem != null) {
      throw new FileNotFoundException(path + " " + problem);
    }
    FileSystem files = fileSystem(hadoop, path);
    try {
      return files instanceof ChecksumFileSystem checked && path.getName().contains(":")
          ? checked.getRawFileSystem().open(path)
          : files.open(path);
    } catch (FileNotFoundException e) {
      throw isMissing(e) ? e : new IOException(e.getMessage(), e);
    }
  }

  /**
   * Like {@link #open(Configuration, Path)}. A store is not asked for the length once more, and may
   * read no further than the known one; a file that is missing there is reported by the first read.
   *
   * @param known what the file system itself said just now, or in a list: S3A goes by a status of
   *     its own only, which has the object's version, and fails when there is another version
   *     meanwhile
   */
  public static FSDataInputStream open(Configuration hadoop, Path path, FileStatus known)
      throws IOException {
    FileSystem files = fileSystem(hadoop, path);
    return ObjectStores.areStore(files)
        ? FutureIO.awaitFuture(files.openFile(path).withFileStatus(known).build())
        : open(hadoop, path);
  }

  /** Null, or why this process cannot open a local file of this path: a predicate. */
  public static String nameProblem(Path qualified) {
    return isLocal(qualified)
        ? LocalPaths.problem(qualified.toUri().getPath().getBytes(StandardCharsets.UTF_8))
        : null;
  }

  /**
   * Whether a failure to read is the file's own, and the same the next time: it is not there, cut
   * off or damaged, or may not be read.
   */
  public static boolean isOfFile(IOException failure) {
    return failure instanceof FileNotFoundException
        || failure instanceof ChecksumException
        || failure instanceof AccessControlException
        || LocalErrors.isDenied(failure)
        || LocalErrors.isOfTheWrongKind(failure)
        || (failure instanceof EOFException && !isEndOfConnection(failure));
  }

  /**
   * Whether a local path leads to a pipe, socket or device: opening or reading it could block for
   * ever.
   */
  public static boolean isSpecial(Path qualified) {
    if (!isLocal(qualified)) {
      return false;
    }
    try {
      return Files.readAttributes(LocalPaths.of(qualified), BasicFileAttributes.class).isOther();
    } catch (IOException e) {
      // Its reader will report it.
      return false;
    }
  }

  /**
   * Classifies a read failure: missing, truncated or corrupt files are DATA errors; temporarily
   * unavailable ones are INFRASTRUCTURE errors. A file that is not there, too short or damaged is
   * bad data; one that cannot be had for now is not.
   *
   * @param doing the action, as the beginning of a sentence: "reading shard x"
   */
  public static BellowsException failure(String doing, IOException cause) {
    String failed = doing + " failed: ";
    if (isDiskFull(cause)) {
      return BellowsException.infrastructure(failed + "the disk is full", cause);
    }
    if (LocalErrors.areTooManyOpen(cause)) {
      return BellowsException.infrastructure(
          failed + "too many files are open; raise the limit of open files (ulimit -n)", cause);
    }
    if (cause instanceof AccessControlException) {
      return BellowsException.configuration(failed + "no permission (" + reason(cause) + ")");
    }
    Optional<String> refusal = ObjectStores.refusal(cause);
    if (refusal.isPresent()) {
      return BellowsException.configuration(failed + refusal.get());
    }
    if (LocalErrors.isDenied(cause)) {
      return BellowsException.configuration(
          failed + "no permission for user %s (%s)".formatted(user(), reason(cause)));
    }
    if (LocalErrors.isOfTheWrongKind(cause)) {
      return BellowsException.configuration(
          failed + "there is a file in place of a folder, or the reverse (" + reason(cause) + ")");
    }
    if (cause instanceof FileNotFoundException) {
      return BellowsException.data(failed + "there is no such file", cause);
    }
    if (cause instanceof BlockMissingException) {
      return BellowsException.infrastructure(
          failed + "no datanode that answers has block " + block(cause) + " of it", cause);
    }
    boolean isDamaged =
        cause instanceof EOFException
            || cause instanceof ChecksumException
            || cause instanceof ZipException
            || cause instanceof CharConversionException
            || cause instanceof CharacterCodingException
            || cause instanceof UTFDataFormatException
            || cause instanceof JsonProcessingException;
    return isDamaged && !isEndOfConnection(cause)
        ? BellowsException.data(failed + reason(cause), cause)
        : BellowsException.infrastructure(failed + reason(cause), cause);
  }

  /**
   * Classifies a failure of reading a file, like {@link #failure}; corrupt replicas on HDFS are
   * recognised for certain.
   *
   * @param file that was being read
   */
  public static BellowsException readFailure(
      String doing, Configuration hadoop, Path file, IOException cause) {
    return failure(
        doing,
        cause instanceof BlockMissingException missing
            ? missingOrCorrupt(hadoop, file, missing)
            : cause);
  }

  /**
   * HDFS reports a file whose replicas are all corrupt as that or as a missing block: it depends on
   * the order in which its client tries the datanodes. They are asked for their checksums of the
   * file; if they answer, they have it.
   *
   * @return a ChecksumException when they do, else what was given
   */
  public static IOException missingOrCorrupt(
      Configuration hadoop, Path file, BlockMissingException missing) {
    try {
      if (fileSystem(hadoop, file).getFileChecksum(file) == null) {
        return missing;
      }
    } catch (IOException e) {
      missing.addSuppressed(e);
      return missing;
    }
    IOException corrupt =
        new ChecksumException("all replicas of block " + block(missing) + " are corrupt", 0);
    corrupt.initCause(missing);
    return corrupt;
  }

  /**
   * Classifies a failure of writing, which is never the data's fault.
   *
   * @param what is being written: a path
   */
  public static BellowsException writeFailure(Object what, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return BellowsException.configuration(
          "writing %s failed: there is no folder for it (%s)".formatted(what, reason(cause)));
    }
    BellowsException failure = failure("writing " + what, cause);
    return failure.category() == ErrorCategory.DATA
        ? BellowsException.infrastructure(failure.getMessage(), cause)
        : failure;
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  /** Whether this says that there is no such file, and not why it cannot be opened. */
  public static boolean isMissing(FileNotFoundException error) {
    return !LocalErrors.areTooManyOpen(error)
        && !LocalErrors.isDenied(error)
        && !LocalErrors.isOfTheWrongKind(error);
  }

  /**
   * Makes a folder, and its parents.
   *
   * @throws IOException saying why it cannot be made, which Hadoop does not of a local one
   */
  public static void makeFolder(FileSystem files, Path folder) throws IOException {
    if (files.mkdirs(folder)) {
      return;
    }
    if (LOCAL.equals(files.getUri().getScheme())) {
      Files.createDirectories(Paths.get(folder.toUri().getPath()));
    } else {
      throw new IOException("cannot create folder " + folder);
    }
  }

  /**
   * Reads a file from its first byte to its last and drops them: afterwards it is certain that what
   * is wrong with it is its content.
   */
  public static void readThrough(Configuration hadoop, Path file) throws IOException {
    try (InputStream in = open(hadoop, file)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  /**
   * A server that goes down is reported as an end of file, too; only the file's own has no cause.
   */
  private static boolean isEndOfConnection(IOException error) {
    return error instanceof EOFException && error.getCause() != null;
  }

  /** Hadoop lists each datanode a second time after it. */
  private static String block(IOException missing) {
    Matcher block = MISSING_BLOCK.matcher(reason(missing));
    return block.find() ? block.group(1) : reason(missing);
  }

  /** Hadoop's local file system throws write errors as an Error: returns its cause. */
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

  /**
   * The first line of the message, without the link that Hadoop appends: Hadoop puts whole remote
   * stack traces into messages.
   */
  public static String reason(Throwable error) {
    String message = error.getMessage();
    if (message == null || message.isBlank()) {
      return error.getClass().getSimpleName();
    }
    String first = message.lines().findFirst().orElse("");
    int link = first.indexOf(WIKI);
    return link > 0 ? first.substring(0, link) : first;
  }

  private static boolean hasScheme(String path) {
    int colon = path.indexOf(':');
    int slash = path.indexOf('/');
    return colon > 0
        && slash == colon + 1
        && path.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*");
  }
}
