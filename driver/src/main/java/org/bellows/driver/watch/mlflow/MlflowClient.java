// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.mlflow;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.bellows.conf.BellowsException;
import org.bellows.worker.files.Json;

/** Calls of the REST API, one after the other. Follows no redirects: they would take the token. */
final class MlflowClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
  private static final int LONGEST_REASON = 300;

  private final String root;
  private final Optional<String> token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_TIMEOUT)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  /**
   * @param uri of the server, without {@code /api}
   */
  MlflowClient(String uri, Optional<String> token) {
    this.root = uri.replaceFirst("/+$", "") + "/api/2.0/mlflow/";
    this.token = token;
  }

  Map<?, ?> get(String call, String parameter, String value) throws MlflowException {
    // The encoder is one of forms, where a space is a plus.
    String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    String query = "?" + parameter + "=" + encoded;
    return send(call, request(call + query).GET());
  }

  Map<?, ?> post(String call, Map<String, Object> body) throws MlflowException {
    return send(
        call,
        request(call)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.line(body))));
  }

  private HttpRequest.Builder request(String call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(root + call)).timeout(ANSWER_TIMEOUT);
    token.ifPresent(word -> request.header("Authorization", "Bearer " + word));
    return request;
  }

  private Map<?, ?> send(String call, HttpRequest.Builder request) throws MlflowException {
    HttpResponse<byte[]> answer;
    try {
      answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new MlflowException(root + call + " does not answer: " + reason, 0, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MlflowException(root + call + " had no time left to answer", 0, e);
    }
    if (answer.statusCode() != 200) {
      String reason = new String(answer.body(), StandardCharsets.UTF_8).strip();
      throw new MlflowException(
          "%s%s answers %d: %s"
              .formatted(
                  root,
                  call,
                  answer.statusCode(),
                  reason.substring(0, Math.min(reason.length(), LONGEST_REASON))),
          answer.statusCode(),
          null);
    }
    try {
      return Json.read(answer.body(), Map.class, root + call);
    } catch (BellowsException e) {
      throw new MlflowException(root + call + " answers no JSON: " + e.getMessage(), 200, e);
    }
  }
}
