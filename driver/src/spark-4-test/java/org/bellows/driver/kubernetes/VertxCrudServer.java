// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;

/** With the types of the client of Spark 4, which are fabric8's own. */
final class VertxCrudServer implements CrudServer {
  private final KubernetesMockServer server;

  VertxCrudServer(Listener asked) {
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new Dispatcher(asked), false);
    server.init();
  }

  @Override
  public String url() {
    return "http://" + server.getHostName() + ":" + server.getPort();
  }

  @Override
  public void close() {
    server.destroy();
  }

  /** CRUD mode knows no server-side apply, which Spark makes its config maps and services with. */
  private static final class Dispatcher extends KubernetesCrudDispatcher {
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private final Listener asked;

    Dispatcher(Listener asked) {
      this.asked = asked;
    }

    @Override
    public synchronized MockResponse dispatch(RecordedRequest request) {
      MockResponse response = answer(request);
      return response.getWebSocketListener() == null
          ? response
          : response.withWebSocketUpgrade(new Watch(response.getWebSocketListener(), this));
    }

    private MockResponse answer(RecordedRequest request) {
      String type = String.valueOf(request.getHeader("Content-Type"));
      asked.by(request.getHeader("User-Agent"), request.getMethod(), request.getPath());
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
      String path = request.getPath().split("\\?", 2)[0];
      Buffer body = request.getBody();
      MockResponse created =
          super.dispatch(
              as(
                  "POST",
                  path.substring(0, path.lastIndexOf('/')),
                  request,
                  new Buffer(body.getBytes())));
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
          0,
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
