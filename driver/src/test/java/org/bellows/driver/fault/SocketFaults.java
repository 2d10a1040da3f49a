// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.TreeSet;
import org.bellows.worker.collective.Communicator;

/**
 * Reaches the connection between two ranks, which nobody else can, by reflection: better here than
 * as a switch in what is shipped.
 */
final class SocketFaults {
  private SocketFaults() {}

  /** As a router between the two that forgets the connection and says so. */
  static void cut(Communicator communicator, int other) {
    try {
      SocketChannel socket = (SocketChannel) value(peer(communicator, other), "socket");
      socket.shutdownInput();
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a firewall that drops what this rank sends to the other. */
  static void blackhole(Communicator communicator, int other) {
    try {
      Object writer = value(peer(communicator, other), "writer");
      Field field = field(writer, "channel");
      Object channel = field.get(writer);
      Object dropping =
          Proxy.newProxyInstance(
              field.getType().getClassLoader(),
              new Class<?>[] {field.getType()},
              (proxy, method, arguments) -> {
                if (method.getName().equals("write")) {
                  ByteBuffer dropped = (ByteBuffer) arguments[0];
                  dropped.position(dropped.limit());
                  return null;
                }
                try {
                  method.setAccessible(true);
                  return method.invoke(channel, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
      field.set(writer, dropping);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Simple names of the classes that carry bytes to the other ranks. */
  static Set<String> channels(Communicator communicator) {
    Set<String> names = new TreeSet<>();
    for (int other = 0; other < communicator.size(); other++) {
      if (other != communicator.rank()) {
        names.add(channel(peer(communicator, other)).getClass().getSimpleName());
      }
    }
    return names;
  }

  private static Object channel(Object peer) {
    return value(value(peer, "writer"), "channel");
  }

  private static Object peer(Communicator communicator, int other) {
    return Array.get(value(communicator, "peers"), other);
  }

  private static Object value(Object of, String name) {
    try {
      return field(of, name).get(of);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Field field(Object of, String name) {
    try {
      Field field = of.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
