// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.mockwebserver.Context;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * Fabric8's API server in CRUD mode: it keeps what it is given, and this remembers what was asked.
 */
final class ApiServer implements AutoCloseable {
  private static final Pattern PATH =
      Pattern.compile("/api/v1/namespaces/([^/?]+)/([a-z]+)(?:/([^/?]+))?(/[^?]*)?(?:\\?(.*))?");

  /** So that the test's own requests are told from those that it looks at. */
  private static final String OWN_AGENT = "the test";

  private final Dispatcher dispatcher = new Dispatcher();
  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(), new MockWebServer(), new HashMap<>(), dispatcher, false);
  private final NamespacedKubernetesClient client;

  ApiServer() {
    server.init();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl(server.url("/"))
                    .withNamespace("bellows")
                    .withUserAgent(OWN_AGENT)
                    .build())
            .build()
            .adapt(NamespacedKubernetesClient.class);
  }

  /** For {@code --master}. */
  String master() {
    return "k8s://http://" + server.getHostName() + ":" + server.getPort();
  }

  NamespacedKubernetesClient client() {
    return client;
  }

  /** What rights others needed for their requests so far: {@code verb resource}. */
  Set<String> rightsNeeded() {
    Set<String> rights = new TreeSet<>();
    for (Asked asked : dispatcher.asked) {
      rights.add(asked.right());
    }
    return rights;
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }

  /** One request, in the words that rules of roles are written in. */
  record Asked(String method, String path) {
    String right() {
      Matcher parts = PATH.matcher(path);
      if (!parts.matches()) {
        return method + " " + path;
      }
      boolean one = parts.group(3) != null;
      String query = String.valueOf(parts.group(5));
      String verb =
          switch (method) {
            case "GET" -> query.contains("watch=true") ? "watch" : one ? "get" : "list";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> one ? "delete" : "deletecollection";
            default -> method;
          };
      return verb + " " + parts.group(2) + (parts.group(4) == null ? "" : parts.group(4));
    }
  }

  /** CRUD mode knows no server-side apply, which Spark makes its config maps and services with. */
  private static final class Dispatcher extends KubernetesCrudDispatcher {
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    final ConcurrentLinkedQueue<Asked> asked = new ConcurrentLinkedQueue<>();

    @Override
    public synchronized MockResponse dispatch(RecordedRequest request) {
      MockResponse response = answer(request);
      return response.getWebSocketListener() == null
          ? response
          : response.withWebSocketUpgrade(new Watch(response.getWebSocketListener(), this));
    }

    private MockResponse answer(RecordedRequest request) {
      String type = String.valueOf(request.getHeader("Content-Type"));
      if (!OWN_AGENT.equals(request.getHeader("User-Agent"))) {
        asked.add(new Asked(request.getMethod(), request.getPath()));
      }
      if (request.getMethod().equals("PATCH") && type.startsWith("application/apply-patch")) {
        return apply(request);
      }
      return super.dispatch(
          request.getMethod().equals("POST") && request.getPath().endsWith("/pods")
              ? withStatus(request)
              : request);
    }

    /** A real server says of a new pod that it is pending; CRUD mode says nothing. */
    private static RecordedRequest withStatus(RecordedRequest request) {
      Pod pod = SERIALIZATION.unmarshal(request.getBody().readUtf8(), Pod.class);
      if (pod.getStatus() == null) {
        pod.setStatus(new PodStatusBuilder().withPhase("Pending").build());
      }
      Buffer body = new Buffer().writeUtf8(SERIALIZATION.asJson(pod));
      return as("POST", request.getPath(), request, body);
    }

    private MockResponse apply(RecordedRequest request) {
      String path = HttpUrl.get("http://host" + request.getPath()).encodedPath();
      Buffer body = request.getBody();
      MockResponse created =
          super.dispatch(
              as("POST", path.substring(0, path.lastIndexOf('/')), request, body.clone()));
      return created.getStatus().contains(" " + HttpURLConnection.HTTP_CONFLICT + " ")
          ? super.dispatch(as("PUT", path, request, body))
          : created;
    }

    private static RecordedRequest as(
        String method, String path, RecordedRequest request, Buffer body) {
      return new RecordedRequest(
          method + " " + path + " HTTP/1.1",
          request.getHeaders(),
          List.of(),
          body.size(),
          body,
          request.getSequenceNumber(),
          new Socket());
    }
  }

  /**
   * A watch begins with what is there already, which fabric8's server looks through while other
   * requests change it. Here they wait.
   */
  private static final class Watch extends WebSocketListener {
    private final WebSocketListener watch;
    private final Dispatcher dispatcher;

    Watch(WebSocketListener watch, Dispatcher dispatcher) {
      this.watch = watch;
      this.dispatcher = dispatcher;
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
      synchronized (dispatcher) {
        watch.onOpen(socket, response);
      }
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
      watch.onMessage(socket, text);
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      watch.onClosing(socket, code, reason);
    }

    @Override
    public void onClosed(WebSocket socket, int code, String reason) {
      watch.onClosed(socket, code, reason);
    }

    @Override
    public void onFailure(WebSocket socket, Throwable cause, Response response) {
      watch.onFailure(socket, cause, response);
    }
  }
}
