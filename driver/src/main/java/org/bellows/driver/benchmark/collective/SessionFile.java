package org.bellows.driver.benchmark.collective;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bellows.worker.collective.Session;

/** A session on its way to processes of the same user; the folder is readable to nobody else. */
final class SessionFile {
  private SessionFile() {}

  static void write(Path file, Session session) throws IOException {
    try (ObjectOutputStream stream = new ObjectOutputStream(Files.newOutputStream(file))) {
      stream.writeObject(session);
    }
  }

  static Session read(Path file) throws IOException {
    try (ObjectInputStream stream = new ObjectInputStream(Files.newInputStream(file))) {
      return (Session) stream.readObject();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("the class path changed between processes", e);
    }
  }
}
