// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.ArrayList;
import java.util.List;

/**
 * Hosts on a switch: a namespace for each, and in this process's own namespace a bridge. A host's
 * cable is a pair of virtual devices or, where frames are to be delayed or lost, two devices
 * between which this process relays. The rate is a token bucket at both of its ends (tc-tbf), so
 * that ranks that all send to one host meet at the switch's port to it, as on a real switch.
 *
 * <p>Connections use cubic, whatever the machine's default is.
 */
final class HostNetwork {
  /** Of a frame of 9,000 bytes ("jumbo") with its header. */
  static final int FRAME_BYTES = 9216;

  private static final int MAXIMUM_TRANSMISSION_BYTES = 9000;

  /** What a port of the switch holds while it is busy. */
  private static final int PORT_BYTES = 512 << 10;

  /** What a host's own port holds; the system holds senders back before it is full. */
  private static final int QUEUE_BYTES = 4 << 20;

  /** A bucket holds as much as passes in a millisecond, and a few frames. */
  private static final int LEAST_BURST_BYTES = 4 * FRAME_BYTES;

  private static final String NETWORK = "10.23.0.";

  private final int hosts;

  /** By host, there and back; empty where the kernel has the cable. */
  private final List<List<Relay>> relays = new ArrayList<>();

  /**
   * To be called by a process that has network and mounts of its own, whose end is the end of it
   * all.
   *
   * @param hosts at most 200
   * @param isRelayed whether frames can be delayed and lost
   */
  HostNetwork(int hosts, boolean isRelayed) {
    this.hosts = hosts;
    // Names of namespaces are files below it.
    SystemCommand.run("mount -t tmpfs none /run");
    SystemCommand.run("ip link set lo up");
    SystemCommand.run("ip link add switch type bridge");
    SystemCommand.run("ip link set switch up mtu " + MAXIMUM_TRANSMISSION_BYTES);
    for (int host = 0; host < hosts; host++) {
      SystemCommand.run("ip netns add h" + host);
      relays.add(isRelayed ? relayedCable(host) : cable(host));
      connect(host);
    }
  }

  private static List<Relay> cable(int host) {
    SystemCommand.run("ip link add p%d type veth peer name eth0 netns h%d".formatted(host, host));
    return List.of();
  }

  private static List<Relay> relayedCable(int host) {
    TapDevice port = TapDevice.create("p" + host);
    TapDevice card = TapDevice.create("c" + host);
    SystemCommand.run("ip link set c%d netns h%d name eth0".formatted(host, host));
    return List.of(
        new Relay("up-" + host, card, port, 2L * host),
        new Relay("down-" + host, port, card, 2L * host + 1));
  }

  private void connect(int host) {
    String in = "ip -n h" + host;
    SystemCommand.run(
        "ip link set p%d mtu %d master switch up".formatted(host, MAXIMUM_TRANSMISSION_BYTES));
    SystemCommand.run("%s link set lo up".formatted(in));
    SystemCommand.run("%s link set eth0 mtu %d up".formatted(in, MAXIMUM_TRANSMISSION_BYTES));
    SystemCommand.run("%s addr add %s/24 dev eth0".formatted(in, address(host)));
    SystemCommand.run(
        "%s route replace %s0/24 dev eth0 proto kernel scope link src %s congctl cubic"
            .formatted(in, NETWORK, address(host)));
  }

  /** The address under which the other hosts reach a host. */
  String address(int host) {
    return NETWORK + (host + 1);
  }

  /** The command that starts another one on a host. */
  List<String> through(int host) {
    return List.of("nsenter", "--net=/run/netns/h" + host);
  }

  /** All links are like this one from now on. */
  void set(Link link) {
    for (int host = 0; host < hosts; host++) {
      set(host, link);
    }
  }

  /** The link of one host is like this from now on. */
  void set(int host, Link link) {
    if (link.needsRelay() && relays.get(host).isEmpty()) {
      throw new IllegalArgumentException("no relay that could delay or drop frames: " + link);
    }
    relay(host, link.delayMilliseconds() / 2, link.lossPercent() / 100);
    if (link.megabits() > 0) {
      limit("tc", "p" + host, link.megabits(), PORT_BYTES);
      limit("tc -n h" + host, "eth0", link.megabits(), QUEUE_BYTES);
    }
  }

  /** No frame reaches the host, nor leaves it, until its link is set again. */
  void cut(int host) {
    relay(host, 0, 1);
  }

  private void relay(int host, double delayMilliseconds, double loss) {
    relays.get(host).forEach(relay -> relay.set(delayMilliseconds, loss));
  }

  private static void limit(String command, String device, double megabits, int queueBytes) {
    long burst = Math.max(LEAST_BURST_BYTES, Math.round(megabits * 125));
    SystemCommand.run(
        "%s qdisc replace dev %s root tbf rate %dkbit burst %d limit %d"
            .formatted(command, device, Math.round(megabits * 1000), burst, queueBytes));
  }
}
