// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server with S3's protocol (s3proxy) on this machine, in a process and with a class path of its
 * own. It has one bucket, keeps it in a local folder, and writes down each request.
 */
public final class S3Server implements AutoCloseable {
  private static final String CLASS_PATH = "/s3-server.classpath";
  private static final String BUCKET = "bucket";
  private static final String USER = "tester";
  private static final String SECRET = "for-tests-only";
  private static final long START_SECONDS = 60;
  private static final Pattern ADDRESS = Pattern.compile("Started .*\\{(127\\.0\\.0\\.1:\\d+)\\}");
  private static final Pattern REQUEST =
      Pattern.compile("(\\S+) request: .*\\{([A-Z]+)@\\S+ https?://[^/]+/(\\S*) HTTP/.*");
  private static final Pattern COPY = Pattern.compile("(\\S+) header: x-amz-copy-source: (\\S+)");

  private final Path log;
  private final Path bucket;
  private final Process process;
  private final String address;
  private int seen;

  /**
   * One request.
   *
   * @param kind the method; COPY for a PUT whose content is another object's, LIST for a GET of a
   *     list, DELETE for a POST that deletes several
   * @param key of the object, without the bucket; of a COPY the new one's
   */
  public record Request(String kind, String key) {}

  /**
   * Starts a server and waits until it answers.
   *
   * @param folder for the bucket, the log and the settings; is made
   */
  public S3Server(Path folder) throws IOException, InterruptedException {
    this.log = folder.resolve("log");
    this.bucket = Files.createDirectories(folder.resolve("objects").resolve(BUCKET));
    Path settings = folder.resolve("settings");
    Files.writeString(settings, settings(bucket.getParent()));
    Path logging = folder.resolve("logback.xml");
    Files.writeString(logging, logging());
    this.process =
        new ProcessBuilder(
                Paths.get(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dlogback.configurationFile=" + logging,
                "-cp",
                classPath(),
                "org.gaul.s3proxy.Main",
                "--properties",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    this.address = awaitAddress();
  }

  private static String classPath() throws IOException {
    try (InputStream in = S3Server.class.getResourceAsStream(CLASS_PATH)) {
      if (in == null) {
        throw new IllegalStateException(
            CLASS_PATH + " is missing: Maven writes it (mvn process-resources -pl deploy/testing)");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static String settings(Path folder) {
    return String.join(
        "\n",
        "s3proxy.endpoint=http://127.0.0.1:0",
        "s3proxy.authorization=aws-v2-or-v4",
        "s3proxy.identity=" + USER,
        "s3proxy.credential=" + SECRET,
        "jclouds.provider=filesystem-nio2",
        "jclouds.filesystem.basedir=" + folder);
  }

  /** The thread tells which header is of which request. */
  private static String logging() {
    return """
        <configuration>
        <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
        <encoder><pattern>%thread %msg%n</pattern></encoder></appender>
        <logger name="org.gaul.s3proxy.S3ProxyHandler" level="trace"/>
        <root level="info"><appender-ref ref="out"/></root>
        </configuration>
        """;
  }

  private String awaitAddress() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (process.isAlive() && System.nanoTime() < end) {
      Matcher started = ADDRESS.matcher(Files.readString(log));
      if (started.find()) {
        return started.group(1);
      }
      Thread.sleep(20);
    }
    close();
    throw new IllegalStateException("no S3 server started: " + Files.readString(log));
  }

  /** The bucket's URI for Hadoop's S3A, without a slash at the end. */
  public String root() {
    return "s3a://" + BUCKET;
  }

  /** Where the bucket's objects are files. */
  public Path bucket() {
    return bucket;
  }

  /** What S3A must be told of the server. */
  public Map<String, String> client() {
    Map<String, String> settings = new HashMap<>();
    settings.put("fs.s3a.endpoint", "http://" + address);
    settings.put("fs.s3a.path.style.access", "true");
    settings.put("fs.s3a.access.key", USER);
    settings.put("fs.s3a.secret.key", SECRET);
    settings.put("fs.s3a.directory.marker.retention", "keep");
    // Objects that stand for folders have no ETag on this server.
    settings.put("fs.s3a.change.detection.version.required", "false");
    return settings;
  }

  /** The requests since this was called last, in the order of their begin. */
  public List<Request> requests() throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    List<Request> requests = new ArrayList<>();
    Map<String, Integer> byThread = new HashMap<>();
    for (String line : lines.subList(seen, lines.size())) {
      Matcher request = REQUEST.matcher(line);
      Matcher copy = COPY.matcher(line);
      if (request.matches()) {
        byThread.put(request.group(1), requests.size());
        requests.add(request(request.group(2), request.group(3)));
      } else if (copy.matches() && byThread.containsKey(copy.group(1))) {
        requests.set(
            byThread.get(copy.group(1)),
            new Request("COPY", requests.get(byThread.get(copy.group(1))).key()));
      }
    }
    seen = lines.size();
    return requests;
  }

  private static Request request(String method, String path) {
    int question = path.indexOf('?');
    String query = question < 0 ? "" : path.substring(question + 1);
    String object = question < 0 ? path : path.substring(0, question);
    String key = object.replaceFirst("^" + BUCKET + "/?", "");
    if (method.equals("GET") && key.isEmpty()) {
      return new Request("LIST", query.replaceAll(".*prefix=([^&]*).*", "$1"));
    }
    return new Request(query.startsWith("delete") ? "DELETE" : method, key);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
