// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.mlflow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bellows.worker.files.Json;

/**
 * Keeps the books that MLflow's REST documentation describes: a request that lacks a required field
 * is answered 400, an experiment that is not there 404, all as JSON.
 */
final class FakeServer implements AutoCloseable {
  /**
   * @param body empty for GET
   */
  record Call(String method, String path, String query, String authorization, Map<?, ?> body) {}

  private static final String ROOT = "/api/2.0/mlflow/";
  private static final String RUN_ID = "0123456789abcdef0123456789abcdef";

  private final HttpServer server;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final AtomicBoolean broken = new AtomicBoolean();

  FakeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(ROOT, this::handle);
    server.start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Call> calls() {
    return calls;
  }

  List<Call> calls(String path) {
    return calls.stream().filter(call -> call.path().equals(path)).toList();
  }

  /** From now on everything is answered 500. */
  void breakDown() {
    broken.set(true);
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Call call =
        new Call(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath().substring(ROOT.length()),
            exchange.getRequestURI().getQuery(),
            exchange.getRequestHeaders().getFirst("Authorization"),
            body.length == 0 ? Map.of() : Json.read(body, Map.class, "request"));
    calls.add(call);
    if (broken.get()) {
      answer(exchange, 500, Map.of("error_code", "INTERNAL_ERROR", "message", "on purpose"));
      return;
    }
    switch (call.method() + " " + call.path()) {
      case "GET experiments/get-by-name" ->
          answer(exchange, 404, Map.of("error_code", "RESOURCE_DOES_NOT_EXIST", "message", "none"));
      case "POST experiments/create" ->
          require(exchange, call, List.of("name"), Map.of("experiment_id", "7"));
      case "POST runs/create" ->
          require(
              exchange,
              call,
              List.of("experiment_id", "start_time"),
              Map.of("run", Map.of("info", Map.of("run_id", RUN_ID, "status", "RUNNING"))));
      case "POST runs/log-batch" -> require(exchange, call, List.of("run_id"), Map.of());
      case "POST runs/update" ->
          require(
              exchange,
              call,
              List.of("run_id", "status"),
              Map.of("run_info", new LinkedHashMap<>()));
      default -> answer(exchange, 404, Map.of("error_code", "ENDPOINT_NOT_FOUND"));
    }
  }

  private static void require(
      HttpExchange exchange, Call call, List<String> fields, Map<String, ?> answer)
      throws IOException {
    for (String field : fields) {
      if (!call.body().containsKey(field)) {
        answer(
            exchange,
            400,
            Map.of("error_code", "INVALID_PARAMETER_VALUE", "message", "no " + field));
        return;
      }
    }
    answer(exchange, 200, answer);
  }

  private static void answer(HttpExchange exchange, int status, Map<String, ?> content)
      throws IOException {
    byte[] bytes = Json.line(content).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
