// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bellows.conf.BellowsException;
import org.bellows.worker.collective.transport.JobSecret;
import org.bellows.worker.collective.transport.Session;
import org.bellows.worker.files.Json;

/**
 * The ranks of one host, a thread for each. It reads requests line by line, and answers each with
 * one line:
 *
 * <pre>
 * first line              host's number, a space, its address, a space, the LinkPlan as JSON
 *                         answer: addresses of the ranks by commas, a space, those for copies
 * connect A B S           all ranks' addresses by commas, those for copies, the secret
 * empty                   the smallest exchange; answer: seconds of the slowest rank
 * take KIND               a round; answer: likewise
 * exchange SECONDS        rounds for so long; answer: how many
 * agree                   fails unless both ways of sending a gradient come to the same sums
 * pass KIND               a round with the network; answer: seconds of the slowest rank
 * record FACTOR           passes are replayed from now on, so many times as long as computed ones
 * cover                   seconds for which the last pass can hide that gradients are sent
 * processor               answer: seconds of processor time of this process so far
 * </pre>
 *
 * An answer begins with {@link #ANSWER} or, when a rank failed, with {@link #FAILED}. It ends when
 * there are no more requests.
 */
final class HostProcess {
  static final String ANSWER = "answer ";
  static final String FAILED = "failed ";

  private final List<RankExchange> ranks = new ArrayList<>();
  private final ExecutorService threads;

  private HostProcess(LinkPlan plan, int host, String address) {
    for (int i = 0; i < plan.ranks().get(host); i++) {
      ranks.add(new RankExchange(plan, plan.first(host) + i, address));
    }
    this.threads =
        Executors.newFixedThreadPool(
            ranks.size(),
            task -> {
              Thread thread = new Thread(task, "bellows-rank");
              // What nobody foresaw ends the process.
              thread.setDaemon(true);
              return thread;
            });
  }

  public static void main(String[] arguments) throws IOException {
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String[] first = requests.readLine().split(" ", 3);
    LinkPlan plan =
        Json.read(first[2].getBytes(StandardCharsets.UTF_8), LinkPlan.class, "standard input");
    HostProcess process = new HostProcess(plan, Integer.parseInt(first[0]), first[1]);
    System.out.println(
        ANSWER
            + process.addresses(RankExchange::address)
            + " "
            + process.addresses(RankExchange::copyAddress));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      System.out.println(process.answer(line));
    }
    process.ranks.forEach(RankExchange::close);
  }

  private String addresses(Function<RankExchange, String> kind) {
    return ranks.stream().map(kind).collect(Collectors.joining(","));
  }

  private String answer(String line) {
    String[] words = line.split(" ");
    try {
      return ANSWER
          + switch (words[0]) {
            case "connect" -> connect(words);
            case "empty" -> largest(onAll(RankExchange::takeEmpty));
            case "take" -> {
              ExchangeKind kind = ExchangeKind.valueOf(words[1]);
              yield largest(onAll(rank -> rank.take(kind)));
            }
            case "exchange" -> {
              double seconds = Double.parseDouble(words[1]);
              yield largest(onAll(rank -> (double) rank.takeFor(seconds)));
            }
            case "record" -> {
              double factor = Double.parseDouble(words[1]);
              yield largest(onAll(rank -> rank.record(factor)));
            }
            case "cover" -> largest(onAll(RankExchange::coverSeconds));
            case "processor" -> Double.toString(processorSeconds());
            case "agree" -> largest(onAll(RankExchange::requireAgreement));
            case "pass" -> {
              PassKind kind = PassKind.valueOf(words[1]);
              yield largest(onAll(rank -> rank.pass(kind)));
            }
            default -> throw new IllegalArgumentException("no such request: " + line);
          };
    } catch (BellowsException e) {
      return FAILED + e.getMessage();
    }
  }

  /** Of this process so far, its compilers and its garbage collector among them. */
  static double processorSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        * 1e-9;
  }

  private String connect(String[] words) {
    Session session = new Session(JobSecret.of(words[3]), 0, false);
    List<String> addresses = List.of(words[1].split(","));
    List<String> copies = List.of(words[2].split(","));
    onAll(
        rank -> {
          rank.connect(session, addresses, copies);
          return 0.0;
        });
    return "";
  }

  private static String largest(List<Double> values) {
    return Double.toString(values.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
  }

  private List<Double> onAll(Function<RankExchange, Double> work) {
    List<Future<Double>> futures = new ArrayList<>();
    for (RankExchange rank : ranks) {
      futures.add(threads.submit(() -> work.apply(rank)));
    }
    List<Double> results = new ArrayList<>();
    try {
      for (Future<Double> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BellowsException known) {
        throw known;
      }
      throw new IllegalStateException("a rank failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while ranks were at work", e);
    }
  }
}
